/** Writes that the server refused or that clash with another device's, and what else this device says of the same rows. */
import { TABLES, type Operation, type Store } from './db';
import { dropStandIn } from './overlay';

type Said = Pick<Operation, 'fields' | 'local' | 'was'>;

const isEdit = ({ action }: Operation): boolean => action === 'insert' || action === 'update';
const isStuck = (op: Operation): boolean => op.state !== 'waiting' && isEdit(op);

/** An operation that says a later edit of its row too: of two values of one device's the newest counts. */
const with_ = (op: Operation, { fields, local, was }: Said): Operation => ({ ...op, fields: { ...op.fields, ...fields }, local: { ...op.local, ...local }, was });

/** What clashes goes on waiting for the athlete; what was refused may be right with a later edit in it, and is sent again. */
function edited(op: Operation, edit: Said): Operation {
  const { problem: _, ...both } = with_(op, edit);
  return op.state === 'refused' ? { ...both, state: 'waiting', sent: false } : both;
}

/** Takes an edit into the operation that is stuck on the same row, if there is one and nothing else was said of the row after it. */
export async function editStuck(db: Store, mine: readonly Operation[], edit: Said): Promise<boolean> {
  const last = mine.findLast(isEdit);
  if (!last || !isStuck(last)) return false;
  await db.outbox.put(edited(last, edit));
  return true;
}

/**
 * Sees to what is stuck on a row that is to be deleted; answers the version on which the deletion is based, if it is another than usual:
 * of what clashed the one the athlete saw, so that it clashes in its turn. False where the server never took the row: then all is done.
 */
export async function deleteStuck(db: Store, mine: readonly Operation[]): Promise<number | null | undefined | false> {
  const made = mine.find(neverTaken);
  if (made) {
    await dropMade(db, made);
    return false;
  }
  const stuck = mine.filter(isStuck);
  await db.outbox.bulkDelete(stuck.map((op) => op.n!));
  return stuck.find((op) => op.state === 'conflict')?.base_version;
}

const neverTaken = (op: Operation): boolean => op.action === 'insert' && op.state === 'refused' && !op.before;

/** Drops the deletions of rows that the server refused to make while they were being deleted here, and what was to make them. */
export async function dropNeverTaken(db: Store, isReady: (op: Operation) => boolean): Promise<void> {
  const refused = (await db.outbox.where('state').equals('refused').toArray()).filter(neverTaken);
  for (const op of refused) {
    const mine = await db.outbox.where('row_id').equals(op.row_id).toArray();
    if (mine.some((each) => each.action === 'delete' && isReady(each))) await dropMade(db, op);
  }
}

/** After answers came: of what is stuck on a row and of what was said of it later one operation is made. */
export async function gather(db: Store, row_id: string): Promise<void> {
  let stuck: Operation | null = null;
  for (const op of await db.outbox.where('row_id').equals(row_id).sortBy('n')) {
    if (!stuck) stuck = isStuck(op) ? op : null;
    else if (isStuck(op)) stuck = { ...with_(stuck, op), ...verdict(op) };
    else if (op.action === 'update' && op.state === 'waiting' && !op.sent) stuck = edited(stuck, op);
    else continue;
    if (!stuck || stuck.n === op.n) continue;
    await db.outbox.delete(op.n!);
    await db.outbox.put(stuck);
    if (stuck.state === 'waiting') stuck = null;
  }
}

/** What was answered to an operation; a clash is for the athlete to settle, whatever else is wrong. */
const verdict = ({ state, problem, current }: Operation): Partial<Operation> => ({
  ...(state === 'conflict' ? { state } : {}), ...(problem ? { problem } : {}), ...(current === undefined ? {} : { current }),
});

/** What was applied is newer than what is stuck on the same row from before: that must not come back. */
export async function outdate(db: Store, applied: Operation): Promise<void> {
  if (applied.action !== 'update') return;
  const without = (from: Record<string, unknown>, names: object): Record<string, unknown> => Object.fromEntries(Object.entries(from).filter(([name]) => !(name in names)));
  const before = (await db.outbox.where('row_id').equals(applied.row_id).toArray()).filter((op) => op.n! < applied.n! && op.action === 'update' && isStuck(op));
  for (const op of before) {
    const fields = without(op.fields, applied.fields);
    if (!Object.keys(fields).length) await db.outbox.delete(op.n!);
    else await db.outbox.update(op.n!, { fields, local: without(op.local ?? {}, applied.local ?? {}) });
  }
}

/** An operation that makes a row, and what is about that row or hangs on it. */
export function hangingOn(operation: Operation, all: readonly Operation[]): Operation[] {
  const made = new Set([operation.row_id]);
  return all.filter((op) => {
    const hangs = [op.row_id, ...Object.values(op.fields)].some((id) => made.has(id as string));
    if (hangs && op.action === 'insert') made.add(op.row_id);
    return hangs;
  });
}

/** Drops an operation that was to make a row, with all that hangs on it. */
export async function dropMade(db: Store, operation: Operation): Promise<void> {
  const gone = hangingOn(operation, await db.outbox.orderBy('n').toArray());
  await db.outbox.bulkDelete(gone.map((op) => op.n!));
  for (const table of TABLES) {
    const rows = gone.filter((op) => op.table === table && op.action === 'insert' && !op.before).map((op) => op.row_id);
    if (rows.length) await db.table(table).bulkDelete(rows);
  }
  // What stood in for the performances of a session that never came to be, and for that of a set.
  await db.user_exercise_performance.where('user_workout_session_id').equals(operation.row_id).delete();
  if (operation.was && 'user_exercise_performance_id' in operation.was) await dropStandIn(db, operation.was.user_exercise_performance_id as string);
}
