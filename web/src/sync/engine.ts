/**
 * Brings the device and the server together: pushes what waits, in order, then pulls what changed. It runs by itself: after each write, when
 * the connection or the page comes back, when the server says that something changed, and every half minute.
 */
import { WEB_HEADERS, type Problem } from '../api/client';
import { groupBy } from '../domain/group';
import { account } from '../store/account.svelte';
import { store, TABLES, type Operation, type Store, type TableName } from '../store/db';
import type { Row } from '../store/rows';
import { sync } from './state.svelte';
import type { Pull, Pushed } from './wire';

const SYNC = '/api/v1/athletes/me/sync';
const EVERY_MS = 30_000;
const PUSH_AT_MOST = 200;
const UNAUTHENTICATED = 401;
const KNOWN: ReadonlySet<string> = new Set(TABLES);

let wanted = false;
let working: Promise<void> | null = null;
let stopped = true;

/** Begins to sync whoever is signed in; returns what ends it. */
export function startSync(): () => void {
  stopped = false;
  const timer = setInterval(poke, EVERY_MS);
  const visible = (): void => void (document.visibilityState === 'visible' && poke());
  addEventListener('online', poke);
  document.addEventListener('visibilitychange', visible);
  const live = listen();
  void navigator.storage?.persist?.();
  void count();
  poke();
  return () => {
    stopped = true;
    clearInterval(timer);
    removeEventListener('online', poke);
    document.removeEventListener('visibilitychange', visible);
    live.close();
  };
}

/** Something is to be sent or fetched: now if nothing is under way, else right after. */
export function poke(): void {
  wanted = true;
  if (!stopped) working ??= work().finally(() => (working = null));
}

/** Waits until nothing is under way. */
export async function settled(): Promise<void> {
  while (working) await working;
}

async function work(): Promise<void> {
  sync.running = true;
  try {
    while (wanted && !stopped) {
      wanted = false;
      await alone(round);
    }
  } finally {
    sync.running = false;
    await count().catch(() => undefined);
  }
}

// One tab at a time. The browser has locks on https and localhost only; two tabs at once would do the same twice, which is safe.
async function alone(task: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request('reptrail-sync', task);
  else await task();
}

async function round(): Promise<void> {
  try {
    await account.renew();
    const db = store();
    await count();
    while (await push(db));
    await pull(db);
    sync.reachable = true;
  } catch (error) {
    if (error instanceof Refused && error.problem.status === UNAUTHENTICATED) account.signedOut = true;
    else if (error instanceof Refused) console.error(error.problem);
    sync.reachable = error instanceof Refused;
  }
}

/** The server answered, and not with what was asked for. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(path, { ...sent, headers: { ...WEB_HEADERS, 'content-type': 'application/json' }, cache: 'no-store' });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Refused(answer as Problem);
  return answer as T;
}

// --- Pushing ---------------------------------------------------------------------------------------------------------

/** Sends what waits, at most one request's worth; answers whether there may be more. */
async function push(db: Store): Promise<boolean> {
  const batch = (await db.outbox.orderBy('n').toArray()).filter((op) => op.state === 'waiting').slice(0, PUSH_AT_MOST);
  if (!batch.length) return false;
  // Before it leaves: if the answer is lost, the very same operation is sent again.
  await db.outbox.where('n').anyOf(batch.map((op) => op.n!)).modify({ sent: true });
  try {
    const { results } = await ask<Pushed>(SYNC, { operations: batch.map(told) });
    await db.transaction('rw', db.outbox, async () => {
      for (const [place, result] of results.entries()) await db.outbox.update(batch[place]!.n!, outcome(result));
    });
  } catch (error) {
    if (!(error instanceof Refused) || !(await blame(db, batch, error.problem))) throw error;
  }
  await count();
  return true;
}

function told(op: Operation): Record<string, unknown> {
  const { id, table, row_id, action, after, fields, at } = op;
  return { id, table, row_id, action, after, fields, at, ...(op.verb ? { verb: op.verb } : {}), ...(op.base_version ? { base_version: op.base_version } : {}) };
}

function outcome(result: Pushed['results'][number]): Partial<Operation> {
  if (result.status === 'REFUSED') return { state: 'refused', problem: result.problem as Problem };
  if (result.status === 'CONFLICT') return { state: 'conflict', current: (result.current ?? null) as Row | null };
  return { state: 'told' };
}

/** A request refused as a whole names the operations that are to blame: those wait for the athlete, the others go again. */
async function blame(db: Store, batch: Operation[], problem: Problem): Promise<boolean> {
  const places = new Set((problem.errors ?? []).map((error) => /^\/operations\/(\d+)/.exec(error.pointer)?.[1]).filter((place) => place !== undefined));
  for (const place of places) await db.outbox.update(batch[Number(place)]!.n!, { state: 'refused', problem });
  return places.size > 0;
}

// --- Pulling ---------------------------------------------------------------------------------------------------------

interface Place {
  since: number;
  mark: string | null;
}

async function pull(db: Store): Promise<void> {
  let place = ((await db.meta.get('place'))?.value as Place | undefined) ?? { since: 0, mark: null };
  if (place.since === 0) await pullCatalog(db);
  for (let more = true; more && !stopped; ) {
    const query = new URLSearchParams({ since: String(place.since), ...(place.mark ? { mark: place.mark } : {}) });
    let page: Pull;
    try {
      page = await ask<Pull>(`${SYNC}?${query}`);
    } catch (error) {
      if (!(error instanceof Refused) || !error.problem.type.endsWith(':sync-reset')) throw error;
      await forget(db);
      return pull(db);
    }
    place = { since: page.next_since, mark: page.mark };
    await take(db, page, place);
    more = page.has_more;
    sync.share = page.head_seq ? page.next_since / page.head_seq : 1;
  }
  await tidy(db);
  sync.complete = true;
}

/** A page of rows, and the place up to which the device now has them, in one transaction: a reload in between loses neither. */
async function take(db: Store, page: Pull, place: Place): Promise<void> {
  await db.transaction('rw', [...TABLES.map((name) => db.table(name)), db.other, db.outbox, db.meta], async () => {
    const waiting = groupBy(await db.outbox.orderBy('n').toArray(), (op) => op.row_id);
    const kept = new Map<TableName, Row[]>();
    for (const change of page.changes) {
      const row = change.row as Row | null;
      if (!KNOWN.has(change.table)) {
        await (row ? db.other.put({ ...row, table: change.table }) : db.other.delete(change.id));
        continue;
      }
      const table = change.table as TableName;
      const mine = (waiting.get(change.id) ?? []).filter((op) => op.state !== 'told');
      const shown = mine.reduce<Row | null>((shown, op) => (op.local === null ? null : { ...shown, ...op.local, id: change.id, version: row?.version ?? 0 }), row);
      for (const op of mine) await db.outbox.update(op.n!, { before: row });
      if (shown === null) await db.table(table).delete(change.id);
      else kept.set(table, [...(kept.get(table) ?? []), shown]);
    }
    for (const [table, rows] of kept) await db.table(table).bulkPut(rows);
    await db.meta.put({ key: 'place', value: place });
  });
}

/** What is built in or public, and so in nobody's ledger. */
async function pullCatalog(db: Store): Promise<void> {
  const { rows } = await ask<{ rows: { table: string; row: Row }[] }>(`${SYNC}/catalog`);
  await db.transaction('rw', [...TABLES.map((name) => db.table(name)), db.other], async () => {
    for (const [table, found] of groupBy(rows, (each) => each.table)) {
      if (KNOWN.has(table)) await db.table(table).bulkPut(found.map((each) => each.row));
      else await db.other.bulkPut(found.map((each) => ({ ...each.row, table })));
    }
  });
}

/** What the server has is its own now; performances that the device stood in for are dropped once their sets hang on the server's. */
async function tidy(db: Store): Promise<void> {
  await db.transaction('rw', [db.outbox, db.user_exercise_performance, db.user_set_performance, db.meta], async () => {
    await db.outbox.where('state').equals('told').delete();
    const standins = await db.user_exercise_performance.filter((each) => each.version === 0).primaryKeys();
    for (const id of standins) {
      if (!(await db.user_set_performance.where('user_exercise_performance_id').equals(id).count())) await db.user_exercise_performance.delete(id);
    }
    await db.meta.put({ key: 'complete', value: true });
  });
}

/** The server was restored from a backup, or this device holds another server's rows: everything is fetched anew. The outbox stays. */
async function forget(db: Store): Promise<void> {
  await db.transaction('rw', [...TABLES.map((name) => db.table(name)), db.other, db.meta], async () => {
    for (const name of TABLES) await db.table(name).filter((row: Row) => row.version > 0).delete();
    await db.other.clear();
    await db.meta.delete('place');
  });
}

// --- Standing --------------------------------------------------------------------------------------------------------

async function count(): Promise<void> {
  const db = store();
  sync.waiting = await db.outbox.where('state').equals('waiting').count();
  sync.attention = await db.outbox.where('state').anyOf('refused', 'conflict').count();
  sync.complete ||= (await db.meta.get('complete'))?.value === true;
}

/** What another device or a coach wrote is here seconds later. */
function listen(): EventSource | { close: () => void } {
  if (!('EventSource' in window)) return { close: () => undefined };
  const source = new EventSource('/api/v1/athletes/me/live');
  source.addEventListener('head', poke);
  return source;
}
