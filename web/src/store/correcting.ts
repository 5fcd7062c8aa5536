/** Corrections of what is over: a session's times and notes, a set, a whole session taken away. */
import type { Table } from 'dexie';
import { poke, settled } from '../sync/engine';
import { store, type Operation } from './db';
import { restore } from './mending';
import { overlay } from './overlay';
import type { PerformanceRow, Row, SessionRow, SetRow } from './rows';
import { write } from './write';

// Longer than the offer to take it back is on the screen.
const HELD_MS = 8_000;

const SESSION = 'user_workout_session';
const PERFORMANCE = 'user_exercise_performance';
const SET = 'user_set_performance';

export type Details = Pick<SessionRow, 'session_name' | 'started_at' | 'completed_at' | 'effort_rating' | 'soreness_rating' | 'session_notes'>;

/** Changes what differs of a session. The server computes the duration from the times; the device does so meanwhile. */
export async function correctSession(session: SessionRow, details: Details): Promise<void> {
  const fields = Object.fromEntries(Object.entries(details).filter(([name, value]) => !isSame(session[name as keyof Details] ?? null, value)));
  if (!Object.keys(fields).length) return;
  const after = { ...session, ...fields };
  const retimed = 'started_at' in fields || 'completed_at' in fields;
  const local = { ...fields, ...(retimed ? { actual_duration_seconds: duration(after), history_at: after.started_at ?? after.completed_at ?? after.history_at } : {}) };
  await write([SESSION], async () => [{ table: SESSION, row_id: session.id, action: 'update', fields, local }]);
}

// The same minute said in two ways is no change: an input for date and time knows no seconds.
const isSame = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'string' && typeof b === 'string' && sameMinute(a, b));
const sameMinute = (a: string, b: string): boolean => Math.floor(Date.parse(a) / 60_000) === Math.floor(Date.parse(b) / 60_000);

const duration = ({ started_at, completed_at, paused_seconds }: SessionRow): number | null =>
  started_at && completed_at ? Math.round((Date.parse(completed_at) - Date.parse(started_at)) / 1000) - paused_seconds || null : null;

/** Takes a session away with all that hangs on it; returns what brings it back, answering whether it could. */
export async function deleteSession(session: SessionRow): Promise<() => Promise<boolean>> {
  const db = store();
  let performances: PerformanceRow[] = [];
  let sets: SetRow[] = [];
  let dropped: Operation[] = [];
  await write([SESSION, PERFORMANCE, SET, 'meta'], async () => {
    performances = await db.user_exercise_performance.where('user_workout_session_id').equals(session.id).toArray();
    sets = await db.user_set_performance.where('user_exercise_performance_id').anyOf(performances.map((each) => each.id)).toArray();
    const ids = new Set([session.id, ...performances.map((each) => each.id), ...sets.map((each) => each.id)]);
    const about = (await db.outbox.orderBy('n').toArray()).filter((op) => ids.has(op.row_id) || op.fields['user_workout_session_id'] === session.id);
    // What may have reached the server stays: it comes before the deletion there too.
    dropped = about.filter((op) => !op.sent || op.state !== 'waiting');
    const told = about.length > dropped.length || !dropped.some((op) => op.row_id === session.id && op.action === 'insert' && !op.before);
    await db.outbox.bulkDelete(dropped.map((op) => op.n!));
    await db.user_set_performance.bulkDelete(sets.map((each) => each.id));
    await db.user_exercise_performance.bulkDelete(performances.map((each) => each.id));
    await db.meta.put({ key: `deleted:${session.id}`, value: session });
    if (told) return [{ table: SESSION, row_id: session.id, action: 'delete', fields: {}, local: null, held: Date.now() + HELD_MS }];
    await db.user_workout_session.delete(session.id);
    return [];
  });
  setTimeout(poke, HELD_MS + 100);
  return () => undelete(session, performances, sets, dropped);
}

async function undelete(session: SessionRow, performances: PerformanceRow[], sets: SetRow[], dropped: Operation[]): Promise<boolean> {
  const db = store();
  await settled();
  const here = await db.transaction('rw', [db.user_workout_session, db.user_exercise_performance, db.user_set_performance, db.outbox, db.meta], async () => {
    const deletion = (await db.outbox.where('row_id').equals(session.id).toArray()).find((op) => op.action === 'delete');
    const known = session.version > 0 || dropped.some((op) => op.row_id === session.id && op.before);
    if (deletion?.sent || (!deletion && known)) return false;
    if (deletion) await db.outbox.delete(deletion.n!);
    await db.outbox.bulkPut(dropped);
    // What came from the server meanwhile is newer.
    const left = await db.outbox.where('row_id').equals(session.id).sortBy('n');
    await db.user_workout_session.put((overlay(deletion?.before ?? null, left) as SessionRow | null) ?? session);
    await putMissing(db.user_exercise_performance, performances);
    await putMissing(db.user_set_performance, sets);
    await db.meta.delete(`deleted:${session.id}`);
    return true;
  });
  // The server has been told, or may have been: it is asked to take it back.
  return here || !(await restore(SESSION, session.id).catch(() => true));
}

async function putMissing<R extends Row>(table: Table<R, string>, rows: R[]): Promise<void> {
  const there = await table.bulkGet(rows.map((row) => row.id));
  await table.bulkPut(rows.filter((_, place) => !there[place]));
}
