/**
 * What came before a session: the last time an exercise was done, and its bests so far. With ten years on the device these must not read
 * them all: the keys of indexes are fetched in one go, rows only where they are needed.
 */
import { Bests } from '../domain/records';
import { store } from './db';
import type { PerformanceRow, SessionRow, SetRow } from './rows';

export interface Previous {
  session: SessionRow;
  sets: SetRow[];
}

/** Ids of the completed sessions before this one, oldest first. */
async function earlier(than: SessionRow): Promise<string[]> {
  const sessions = store().user_workout_session;
  const [before, completed] = await Promise.all([
    sessions.where('history_at').below(than.history_at).primaryKeys(),
    sessions.where('session_status').equals('COMPLETED').primaryKeys(),
  ]);
  const over = new Set(completed);
  return before.filter((id) => over.has(id) && id !== than.id);
}

async function performancesBySession(exercise_id: string): Promise<Map<string, PerformanceRow[]>> {
  const found = new Map<string, PerformanceRow[]>();
  for (const each of await store().user_exercise_performance.where('exercise_id').equals(exercise_id).toArray()) {
    found.set(each.user_workout_session_id, [...(found.get(each.user_workout_session_id) ?? []), each]);
  }
  return found;
}

/** The sets of the last time an exercise was done before this session. */
export async function readPrevious(exercise_id: string, session: SessionRow): Promise<Previous | null> {
  const db = store();
  const [ids, performances] = await Promise.all([earlier(session), performancesBySession(exercise_id)]);
  for (const id of ids.reverse()) {
    const mine = performances.get(id);
    if (!mine) continue;
    const sets = await db.user_set_performance.where('user_exercise_performance_id').anyOf(mine.map((each) => each.id)).sortBy('set_number');
    const found = sets.length ? await db.user_workout_session.get(id) : undefined;
    if (found) return { session: found, sets };
  }
  return null;
}

/** The bests of an exercise before a session; none are known while the years before are still coming. */
export async function readBests(exercise_id: string, session: SessionRow): Promise<Bests> {
  if ((await store().meta.get('complete'))?.value !== true) return new Bests(false);
  const [ids, performances, sets] = await Promise.all([
    earlier(session),
    performancesBySession(exercise_id),
    store().user_set_performance.where('exercise_id').equals(exercise_id).toArray(),
  ]);
  const counted = new Set(ids.flatMap((id) => (performances.get(id) ?? []).map((each) => each.id)));
  const bests = new Bests();
  for (const set of sets) if (counted.has(set.user_exercise_performance_id)) bests.take(set);
  return bests;
}
