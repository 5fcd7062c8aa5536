/**
 * Brings the device and the server together: pushes what waits, in order, then pulls what changed. It runs by itself: after each write, when
 * the connection or the page comes back, when the server says that something changed, and every half minute.
 */
import { liveQuery } from 'dexie';
import { account } from '../store/account.svelte';
import { store, type Store } from '../store/db';
import { Refused, Unreachable } from './http';
import { Live } from './live';
import { foresee, pull, seemsNew } from './pulling';
import { push } from './pushing';
import { sync } from './state.svelte';

const EVERY_MS = 30_000;
const SELDOM_MS = 600_000;
const LOCKED_AT_MOST_MS = 120_000;
// Nobody is signed in, or somebody else is by now.
const NOT_ME: ReadonlySet<number> = new Set([401, 403, 404]);

/** Whose rows are synced. The path names them: should another be signed in by now, the server refuses. */
interface Run {
  db: Store;
  path: string;
  live: Live;
  ended: boolean;
}

let run: Run | null = null;
let wanted = false;
let working: Promise<void> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

type When = (task: () => void) => () => void;
const atOnce: When = (task) => (task(), () => undefined);

/** Begins to sync an athlete whose store is open; returns what ends it. `when` says when the server is asked first. */
export function startSync(userId: string, when = atOnce): () => void {
  const athlete = `/api/v1/athletes/${userId}`;
  const mine: Run = { db: store(), path: `${athlete}/sync`, live: new Live(`${athlete}/live`, poke), ended: false };
  run = mine;
  failures = 0;
  const visible = (): void => (document.visibilityState === 'visible' ? (mine.live.open(true), poke()) : mine.live.close());
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', visible);
  Object.assign(sync, { known: false, begun: false, complete: false, share: 0 });
  const standing = watch(mine.db);
  void navigator.storage?.persist?.();
  sync.running = true;
  // Somebody who waits for the first rows looks at nothing else.
  const waits = seemsNew(mine.db);
  if (waits && !account.signedOut) foresee(mine.path);
  const off = (waits ? atOnce : when)(() => {
    mine.live.open();
    poke();
  });
  return () => {
    mine.ended = true;
    off();
    if (run === mine) run = null;
    clearTimeout(timer);
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', visible);
    standing.unsubscribe();
    mine.live.close();
  };
}

/** Something is to be sent or fetched: now if nothing is under way, else right after. */
export function poke(): void {
  wanted = true;
  if (run) working ??= work(run).finally(rest);
}

/** Waits until nothing is under way. */
export async function settled(): Promise<void> {
  while (working) await working;
}

function wake(): void {
  failures = 0;
  run?.live.open(true);
  poke();
}

async function work(mine: Run): Promise<void> {
  sync.running = true;
  while (wanted && !mine.ended) {
    wanted = false;
    await alone(() => round(mine));
  }
}

function rest(): void {
  working = null;
  sync.running = false;
  clearTimeout(timer);
  if (!run) return;
  if (wanted) return poke(); // written while the last of another athlete's rounds ended
  // A server that is down for days is asked less and less; a write, the connection or the page coming back ask at once.
  const wait = Math.min(SELDOM_MS, EVERY_MS * 2 ** Math.max(0, failures - 1));
  timer = setTimeout(poke, wait * (0.9 + Math.random() / 5));
}

// One tab at a time. The browser has locks on https and localhost only, and a tab that was put to sleep may hold one for long: two
// tabs at once do the same twice, which is safe.
async function alone(task: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return task();
  let begun = false;
  const once = async (): Promise<void> => {
    begun = true;
    await task();
  };
  await navigator.locks.request('reptrail-sync', { signal: AbortSignal.timeout(LOCKED_AT_MOST_MS) }, once).catch(() => (begun ? undefined : task()));
}

async function round(mine: Run): Promise<void> {
  if (account.signedOut || account.gone) return;
  try {
    await account.renew();
    while (!mine.ended && (await push(mine.db, mine.path)));
    if (!mine.ended) await pull(mine.db, mine.path, () => mine.ended);
    if (mine.ended) return;
    failures = 0;
    sync.reachable = true;
    mine.live.open();
  } catch (error) {
    if (!mine.ended) fail(mine, error);
  }
}

function fail(mine: Run, error: unknown): void {
  failures++;
  sync.reachable = error instanceof Refused;
  if (error instanceof Refused && error.problem.type.endsWith(':account-erased')) {
    account.gone = true;
    mine.live.close();
  } else if (error instanceof Refused && NOT_ME.has(error.problem.status)) {
    account.signedOut = true;
    mine.live.close();
  } else if (!(error instanceof Unreachable)) console.error(error);
}

/** How the device stands, whichever tab wrote or sent. */
function watch(db: Store): { unsubscribe: () => void } {
  const count = async (): Promise<Pick<typeof sync, 'waiting' | 'attention' | 'begun' | 'complete'>> => {
    const [waiting, attention, marks] = await Promise.all([
      db.outbox.where('state').equals('waiting').count(),
      db.outbox.where('state').anyOf('refused', 'conflict').count(),
      db.meta.bulkGet(['begun', 'complete']),
    ]);
    const [begun, complete] = marks.map((each) => each?.value === true) as [boolean, boolean];
    return { waiting, attention, begun: begun || complete, complete };
  };
  return liveQuery(count).subscribe({
    next: (found) => Object.assign(sync, found, { known: true }),
    error: () => undefined, // the store was closed: its athlete has signed out
  });
}
