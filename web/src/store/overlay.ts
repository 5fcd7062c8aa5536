/** What the server says of rows, and on top of it what it has not been told yet. */
import { groupBy, slices } from '../domain/group';
import { TABLES, type Operation, type Store, type TableName } from './db';
import type { PerformanceRow, Row, SetRow } from './rows';

/** What the server says of a row: null where it was deleted. `version` is the last one it had. */
export interface Heard {
  table: string;
  id: string;
  version: number;
  row: Row | null;
}

const KNOWN: ReadonlySet<string> = new Set(TABLES);
/** How many rows are written in one go: in between the browser draws and hears taps, though it is all one transaction. */
export const AT_ONCE = 50;
const SESSION = 'user_workout_session';
const PERFORMANCE = 'user_exercise_performance';
const SET = 'user_set_performance';

/** The tables that `hear` writes; its caller's transaction has to cover them. */
export const heardTables = (db: Store) => [...TABLES.map((name) => db.table(name)), db.other, db.outbox, db.meta];

/** A row of the server's with what waits for it done to it, in order. An edit of what is gone shows nothing. */
export function overlay(server: Row | null, waiting: readonly Operation[]): Row | null {
  return waiting.reduce<Row | null>((row, op) => {
    if (op.local === null || (row === null && op.action !== 'insert')) return null;
    return { ...row, ...op.local, id: op.row_id, version: row?.version ?? 0 };
  }, server);
}

/**
 * Takes down what the server says, within the caller's transaction, a table at a time. An answer that is older than what is here is passed
 * over: a pull may have begun before a push. With `anew` the server's word counts whatever its number: it was restored from a backup.
 */
export async function hear(db: Store, heard: readonly Heard[], anew = false): Promise<void> {
  const waiting = groupBy(await db.outbox.orderBy('n').toArray(), (op) => op.row_id);
  const moves = new Map<string, string>();
  for (const [table, rows] of groupBy(heard, (each) => each.table)) {
    for (const some of slices(rows, AT_ONCE)) {
      if (KNOWN.has(table)) await hearTable(db, table as TableName, some, { waiting, moves, anew });
      else await hearOther(db, table, some);
    }
  }
  await findStandIns(db, heard, moves);
  for (const [from, to] of moves) await rehang(db, from, to);
}

async function hearOther(db: Store, table: string, rows: readonly Heard[]): Promise<void> {
  await db.other.bulkPut(rows.flatMap(({ row }) => (row ? [{ ...row, table }] : [])));
  await db.other.bulkDelete(rows.filter(({ row }) => row === null).map(({ id }) => id));
}

interface Taking {
  waiting: ReadonlyMap<string, Operation[]>;
  moves: Map<string, string>;
  anew: boolean;
}

async function hearTable(db: Store, table: TableName, rows: readonly Heard[], { waiting, moves, anew }: Taking): Promise<void> {
  const stored = (await db.table(table).bulkGet(rows.map(({ id }) => id))) as (Row | undefined)[];
  const put: Row[] = [];
  const gone: string[] = [];
  const touched: Operation[] = [];
  const deleted: { key: string; value: Row }[] = [];
  rows.forEach(({ id, version, row }, place) => {
    const mine = waiting.get(id) ?? [];
    const known = mine.length ? mine[0]!.before?.version : stored[place]?.version;
    if (!anew && version < (known ?? 0)) return;
    for (const op of mine) touched.push({ ...op, before: row, ...(op.state === 'conflict' ? { current: row } : {}) });
    const shown = overlay(row, mine);
    if (shown) put.push(shown);
    else gone.push(id);
    if (table === SESSION && !row && stored[place]) deleted.push({ key: `deleted:${id}`, value: stored[place] });
    if (table === SET && row && stored[place]) moves.set(performanceOf(stored[place]), performanceOf(row));
  });
  await db.table(table).bulkPut(put);
  await db.table(table).bulkDelete(gone);
  if (deleted.length) await db.meta.bulkPut(deleted);
  if (touched.length) await db.outbox.bulkPut(touched);
}

const performanceOf = (set: Row): string => (set as SetRow).user_exercise_performance_id;

// --- Performances that the device made up ------------------------------------------------------------------------------
// A set belongs to a performance, and that is the server's to make. Until its row comes one of the device's own stands in
// for it, of version 0; then all that hangs on it is hung on the server's.

/** Those stand-ins whose performance was heard of. */
async function findStandIns(db: Store, heard: readonly Heard[], moves: Map<string, string>): Promise<void> {
  const come = heard.flatMap(({ table, row }) => (table === PERFORMANCE && row ? [row as PerformanceRow] : []));
  if (!come.length) return;
  const sessions = [...new Set(come.map((each) => each.user_workout_session_id))];
  const standIns = (await db.user_exercise_performance.where('user_workout_session_id').anyOf(sessions).toArray()).filter((each) => each.version === 0);
  for (const one of standIns) {
    const found = come.find((each) => each.user_workout_session_id === one.user_workout_session_id && isSame(one, each));
    if (found) moves.set(one.id, found.id);
  }
}

/** One for an exercise that no plan names is its own instruction, as the server's will be. */
const isSame = (own: PerformanceRow, other: PerformanceRow): boolean =>
  own.exercise_instruction_id === own.id ? own.exercise_id === other.exercise_id : own.exercise_instruction_id === other.exercise_instruction_id;

/** Hangs what hung on a stand-in on the server's performance, which is made up from it where it has not come yet. */
export async function rehang(db: Store, from: string, to: string): Promise<void> {
  const standIn = from === to ? undefined : await db.user_exercise_performance.get(from);
  if (!standIn || standIn.version > 0) return;
  if (!(await db.user_exercise_performance.get(to))) {
    const exercise_instruction_id = standIn.exercise_instruction_id === from ? to : standIn.exercise_instruction_id;
    await db.user_exercise_performance.put({ ...standIn, id: to, exercise_instruction_id });
  }
  await db.user_set_performance.where('user_exercise_performance_id').equals(from).modify({ user_exercise_performance_id: to });
  await db.outbox
    .filter((op) => op.local?.['user_exercise_performance_id'] === from)
    .modify((op) => void (op.local = { ...op.local, user_exercise_performance_id: to }));
  await db.user_exercise_performance.delete(from);
  // Notes that wait are the server's performance's from here on; what may have been sent is repeated as it was.
  const mine = await db.outbox.where('row_id').equals(from).sortBy('n');
  for (const op of mine) if (!op.sent) await db.outbox.update(op.n!, { row_id: to });
  const shown = overlay((await db.user_exercise_performance.get(to)) ?? null, mine);
  if (mine.length && shown) await db.user_exercise_performance.put({ ...(shown as PerformanceRow), id: to });
}

/** A stand-in that nothing hangs on any more is nothing. */
export async function dropStandIn(db: Store, id: string): Promise<void> {
  const standIn = await db.user_exercise_performance.get(id);
  if (standIn?.version !== 0 || (await db.outbox.where('row_id').equals(id).count())) return;
  if (!(await db.user_set_performance.where('user_exercise_performance_id').equals(id).count())) await db.user_exercise_performance.delete(id);
}
