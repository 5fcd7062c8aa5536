const AT_LATEST_MS = 1_000;

/** Does something once the browser has nothing better to do, such as drawing the first screen; returns what calls it off. */
export function idle(task: () => void, latest = AT_LATEST_MS): () => void {
  // Safari has no requestIdleCallback.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(task, latest / 5);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(task, { timeout: latest });
  return () => cancelIdleCallback(asked);
}
