/** Sees to it that one tab at a time writes a program: two would undo each other, as both keep their draft in the same place. */
const PATIENCE_MS = 700;

export interface Hold {
  release: () => void;
}

/**
 * Has a name for oneself until it is released; null where another tab has it. `takeOver` takes it away from the other tab, whose `onlost`
 * is called. Where the browser has no locks (plain http), everybody gets it.
 */
export function hold(name: string, onlost: () => void, takeOver = false): Promise<Hold | null> {
  if (!navigator.locks) return Promise.resolve({ release: () => undefined });
  return new Promise((answer) => {
    let held = false;
    const keep = (): Promise<void> =>
      new Promise((release) => {
        held = true;
        answer({ release });
      });
    // A page that is loaded anew may come before the old one has let go.
    const how = takeOver ? { steal: true } : { signal: AbortSignal.timeout(PATIENCE_MS) };
    navigator.locks.request(name, how, keep).catch(() => (held ? onlost() : answer(null)));
  });
}
