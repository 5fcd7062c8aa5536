/**
 * Signing out where the server cannot be reached. The login's cookie is out of any script's reach, so it is remembered on the device that it
 * has to be ended; the server is told first thing when it answers again, before anything else is asked or anybody else signs in.
 */
import { api, Unreachable, WEB_HEADERS, type Problem } from '../api/client';

export const LEFT = 'left';
const AGAIN_MS = 5_000;
const SELDOM_MS = 60_000;
const PATIENCE_MS = 15_000;

export const isLeft = (): boolean => localStorage.getItem(LEFT) !== null;

/** From now on the login is to be ended. */
export const leave = (): void => localStorage.setItem(LEFT, new Date().toISOString());

let ending: Promise<void> | null = null;

/** Ends the login that was left, if there is one. Throws Unreachable where the server did not say that it is ended. */
export function endLeft(): Promise<void> {
  if (!isLeft()) return Promise.resolve();
  // One tab at a time, where the browser has locks: a late answer would take the cookie of whoever signed in meanwhile.
  const alone = async (): Promise<void> => (navigator.locks ? await navigator.locks.request('reptrail-leaving', end) : end());
  return (ending ??= alone().finally(() => (ending = null)));
}

async function end(): Promise<void> {
  if (!isLeft()) return; // by another tab
  const asked = fetch('/api/v1/auth/logout', { method: 'POST', headers: WEB_HEADERS, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
  const response = await asked.catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (response.status !== 204 && !(await isUnknown(response))) throw new Unreachable(String(response.status));
  localStorage.removeItem(LEFT);
}

const OVER: ReadonlySet<number> = new Set([401, 410]);

/** The server does not know the login any more, or its account. A hotel's page, which answers anything with anything, has not said that. */
async function isUnknown(response: Response): Promise<boolean> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return OVER.has(response.status) && typeof problem?.type === 'string';
}

api.use({
  async onRequest() {
    await endLeft();
    return undefined;
  },
});

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tries until it is ended. */
export function keepEnding(): void {
  clearTimeout(timer);
  if (!isLeft()) return void (failures = 0);
  endLeft().then(
    () => (failures = 0),
    () => (timer = setTimeout(keepEnding, Math.min(SELDOM_MS, AGAIN_MS * 2 ** failures++))),
  );
}

addEventListener('online', keepEnding);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && keepEnding());
