/** Does something that a second tap, while it is being done, does not do twice. */
export function once<Given extends unknown[]>(task: (...given: Given) => Promise<void>): (...given: Given) => Promise<void> {
  let busy = false;
  return async (...given) => {
    if (busy) return;
    busy = true;
    await task(...given).finally(() => (busy = false));
  };
}

/**
 * Does one thing after the other, and what is being done or waits already no second time. For several buttons of one row: what is pressed
 * while another's answer is on its way waits, and is not lost.
 */
export function inTurn<What extends string>(task: (what: What) => Promise<void>): (what: What) => Promise<void> {
  const under = new Map<What, Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  return (what) => {
    const same = under.get(what);
    if (same) return same;
    last = last.catch(() => undefined).then(() => task(what)).finally(() => under.delete(what));
    under.set(what, last);
    return last;
  };
}
