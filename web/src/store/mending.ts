/** What the athlete does about a write that the server refused or that clashes with another device's. */
import { api, type Problem } from '../api/client';
import { poke } from '../sync/engine';
import { fetchAnew } from '../sync/pulling';
import { store, type Operation } from './db';
import { dropStandIn, heardTables, overlay } from './overlay';
import type { Row } from './rows';
import { dropMade, hangingOn } from './stuck';

/** Sends it once more, with what was corrected in it; after a conflict over the other version. */
export async function sendAgain(operation: Operation, corrected: Record<string, unknown> = {}): Promise<void> {
  await change(operation, async (op) => {
    const base_version = op.state === 'conflict' ? (op.current?.version ?? null) : op.base_version;
    const fields = { ...op.fields, ...corrected };
    const local = op.local && { ...op.local, ...corrected };
    const { problem: _, current: __, ...rest } = op;
    await store().outbox.put({ ...rest, fields, local, was: op.was && { ...op.was, ...corrected }, base_version, state: 'waiting', sent: false });
  });
}

/** Gives it up, with all that hangs on the row it was to make: the row is again as the server has it. */
export async function drop(operation: Operation): Promise<void> {
  await change(operation, async (op) => {
    const db = store();
    if (op.action === 'insert' && !op.before) await dropMade(db, op);
    else await db.outbox.delete(op.n!);
    // With a workout its sets went from the device, and the server does not tell of them again by itself.
    if (op.table === 'user_workout_session' && op.action === 'delete' && op.before) await fetchAnew(db);
  });
}

/** Takes the other device's version. */
export const keepTheirs = drop;

/** How many other writes hang on the row that an operation was to make. */
export async function countHanging(operation: Operation): Promise<number> {
  if (operation.action !== 'insert' || operation.before) return 0;
  return hangingOn(operation, await store().outbox.orderBy('n').toArray()).length - 1;
}

/** Brings back what was deleted on another device, here and there, and then sends the write. Needs the server; answers its problem. */
export async function bringBack(operation: Operation): Promise<Problem | null> {
  const { table, row_id, fields, was } = operation;
  const session = (fields['user_workout_session_id'] as string | undefined) ?? (was && (await sessionOf(was)));
  if (session && operation.problem) {
    const problem = await restore('user_workout_session', session);
    if (problem && !problem.type.endsWith(':conflict')) return problem; // a conflict: it is there again already
    const all = await store().outbox.where('state').equals('refused').toArray();
    for (const op of all) if (op.fields['user_workout_session_id'] === session) await sendAgain(op);
    return null;
  }
  let problem = await restore(table, row_id);
  if (problem && session) problem = (await restore('user_workout_session', session)) ?? (await restore(table, row_id));
  if (!problem) await sendAgain(operation);
  return problem;
}

/** Brings a row back on the server; it comes here with the next pull. */
export async function restore(table: string, id: string, seq?: number): Promise<Problem | null> {
  const { error } = await api.POST('/api/v1/athletes/{athlete}/restore', {
    params: { path: { athlete: 'me' } },
    body: { table, id, ...(seq === undefined ? {} : { seq }) } as never,
  });
  poke();
  return (error as Problem | undefined) ?? null;
}

// --- How it is done --------------------------------------------------------------------------------------------------

/** Does something to an operation, if it still waits for the athlete, and shows its row as it is with what is left waiting. */
async function change(operation: Operation, task: (op: Operation) => Promise<void>): Promise<void> {
  const db = store();
  await db.transaction('rw', heardTables(db), async () => {
    const op = await db.outbox.get(operation.n!);
    if (!op || op.state === 'waiting') return;
    await task(op);
    const left = await db.outbox.where('row_id').equals(op.row_id).sortBy('n');
    const shown = overlay(op.before, left);
    if (shown) await db.table(op.table).put(shown);
    else await db.table(op.table).delete(op.row_id);
    if (!shown && op.was && 'user_exercise_performance_id' in op.was) await dropStandIn(db, op.was.user_exercise_performance_id as string);
  });
  poke();
}

async function sessionOf(row: Row): Promise<string | undefined> {
  if (!('user_exercise_performance_id' in row)) return undefined;
  return (await store().user_exercise_performance.get(row.user_exercise_performance_id as string))?.user_workout_session_id;
}
