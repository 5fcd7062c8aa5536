/** Sends what waits, in the order it was written. */
import type { Problem } from '../api/client';
import type { Operation, Store } from '../store/db';
import { hear, heardTables, rehang, type Heard } from '../store/overlay';
import type { Row } from '../store/rows';
import { dropNeverTaken, gather, outdate } from '../store/stuck';
import { ask, Refused } from './http';
import type { Pushed } from './wire';

const PUSH_AT_MOST = 200;
// What says nothing of the operations themselves: who is asking, too early, too often.
const NOT_THEIR_FAULT: ReadonlySet<number> = new Set([401, 403, 404, 408, 409, 425, 429]);

// How many go in one request: fewer after one was refused whole, until the one to blame is found.
let most = PUSH_AT_MOST;

/** Sends at most one request's worth; answers whether there may be more. */
export async function push(db: Store, path: string): Promise<boolean> {
  await db.transaction('rw', heardTables(db), () => dropNeverTaken(db, (op) => !isHeld(op)));
  const batch = await take(db);
  if (!batch.length) return false;
  try {
    const { answer } = await ask<Pushed>(path, { body: { operations: batch.map(told) } });
    await settle(db, batch, answer!.results);
    most = Math.min(PUSH_AT_MOST, most * 2);
  } catch (error) {
    if (!(error instanceof Refused) || NOT_THEIR_FAULT.has(error.problem.status)) throw error;
    await blame(db, batch, error.problem);
  }
  return true;
}

/**
 * What goes next. It is marked in the transaction that reads it: from then on nothing is merged into it, and if its answer is lost the very
 * same operation is sent again.
 */
async function take(db: Store): Promise<Operation[]> {
  return db.transaction('rw', db.outbox, async () => {
    const batch = sendable(await db.outbox.orderBy('n').toArray()).slice(0, most);
    await db.outbox.where('n').anyOf(batch.filter((op) => !op.sent).map((op) => op.n!)).modify({ sent: true });
    return batch;
  });
}

/**
 * What waits, but for what hangs on a row that the server refused to make: that waits for the athlete to mend it. And a performance has
 * the server's id: what else is said of one waits until that is known.
 */
export function sendable(all: readonly Operation[]): Operation[] {
  const unmade = new Set<string>();
  const unnamed = new Set<string>();
  return all.filter((op) => {
    if (op.table === 'user_exercise_performance' && op.action === 'insert') unnamed.add(op.row_id);
    else if (unnamed.has(op.row_id)) return false;
    const may = op.state === 'waiting' && !isHeld(op) && ![op.row_id, ...Object.values(op.fields)].some((id) => unmade.has(id as string));
    if (!may && op.action === 'insert') unmade.add(op.row_id);
    return may;
  });
}

// A clock that was set back must not hold anything for ever.
const HELD_AT_MOST_MS = 60_000;
const isHeld = ({ held = 0 }: Operation): boolean => held > Date.now() && held < Date.now() + HELD_AT_MOST_MS;

function told(op: Operation): Record<string, unknown> {
  const { id, table, row_id, action, after, fields, at } = op;
  return { id, table, row_id, action, after, fields, at, ...(op.verb ? { verb: op.verb } : {}), ...(op.base_version ? { base_version: op.base_version } : {}) };
}

/** Takes the answers down in one transaction: a reload in between finds either all waiting still or all settled. */
async function settle(db: Store, batch: readonly Operation[], results: Pushed['results']): Promise<void> {
  const sent = new Map(batch.map((op) => [op.id, op]));
  if (results.length !== batch.length || results.some((result) => !sent.has(result.id))) throw new Error('not the answer to what was sent');
  await db.transaction('rw', heardTables(db), async () => {
    const heard = new Map<string, Heard>();
    const moves: [string, string][] = [];
    const applied: Operation[] = [];
    for (const result of results) {
      const op = sent.get(result.id)!;
      if (result.status === 'REFUSED') {
        await refuse(db, op, result.problem as unknown as Problem);
        continue;
      }
      const row = (result.row ?? result.current ?? null) as Row | null;
      if (result.status === 'CONFLICT') await db.outbox.update(op.n!, { state: 'conflict', current: row });
      else {
        await db.outbox.delete(op.n!);
        applied.push(op);
      }
      if (result.row_id !== op.row_id) moves.push([op.row_id, result.row_id]);
      heard.set(result.row_id, { table: op.table, id: result.row_id, version: result.version ?? Infinity, row });
    }
    for (const op of applied) await outdate(db, op);
    for (const row_id of new Set(batch.map((op) => op.row_id))) await gather(db, row_id);
    await hear(db, [...heard.values()]);
    for (const [from, to] of moves) await rehang(db, from, to);
  });
}

/** What hangs on another operation that was refused waits on, as long as that one is here to be mended. */
async function refuse(db: Store, op: Operation, problem: Problem): Promise<void> {
  const hangs = problem.type.endsWith(':depends-on-refused') && (await db.outbox.where('id').equals(String(problem['operation_id'])).count());
  if (!hangs) await db.outbox.update(op.n!, { state: 'refused', problem });
}

/** A request refused as a whole: the operations it names wait for the athlete. Where it names none, half as many are tried. */
async function blame(db: Store, batch: readonly Operation[], problem: Problem): Promise<void> {
  const of = (op: Operation): Problem['errors'] => {
    const start = `/operations/${batch.indexOf(op)}/`;
    return problem.errors?.filter((error) => `${error.pointer}/`.startsWith(start)).map((error) => ({ ...error, pointer: `/${error.pointer.slice(start.length)}` }));
  };
  const named = batch.length === 1 ? batch : batch.filter((op) => of(op)?.length);
  await db.transaction('rw', heardTables(db), async () => {
    for (const op of named) await db.outbox.update(op.n!, { state: 'refused', problem: { ...problem, errors: of(op) ?? [] } });
    for (const row_id of new Set(named.map((op) => op.row_id))) await gather(db, row_id);
  });
  if (!named.length) most = Math.ceil(batch.length / 2);
}
