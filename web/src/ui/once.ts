/** Does something that a second tap, while it is being done, does not do twice. */
export function once<Given extends unknown[]>(task: (...given: Given) => Promise<void>): (...given: Given) => Promise<void> {
  let busy = false;
  return async (...given) => {
    if (busy) return;
    busy = true;
    await task(...given).finally(() => (busy = false));
  };
}
