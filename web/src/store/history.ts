/** What the screens of the history read, all of it from the device. */
import { addDays, dayOf } from '../domain/days';
import { groupBy } from '../domain/group';
import { store } from './db';
import { countSets, sessionName, type Line } from './reading';
import type { ExerciseRow, SessionRow } from './rows';

export interface Wanted {
  /** Words that have to stand in the workout's name, its notes or the names of its exercises. */
  text: string;
  exercise_id: string | null;
  limit: number;
}

/** The finished sessions that are wanted, newest first, and whether there are more. */
export async function findSessions({ text, exercise_id, limit }: Wanted): Promise<{ lines: Line[]; more: boolean }> {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const among = exercise_id ? await sessionsOf([exercise_id]) : null;
  const said = await Promise.all(words.map(async (word) => ({ word, of: await sessionsOf(await exercisesNamed(word)) })));
  const names = words.length ? await workoutNames() : null;
  const matches = (session: SessionRow): boolean => {
    if (session.session_status !== 'COMPLETED' || (among && !among.has(session.id))) return false;
    const own = `${session.session_name ?? ''} ${names?.get(`${session.workout_id} ${session.workout_revision}`) ?? session.workout_name ?? ''} ${session.session_notes ?? ''}`.toLocaleLowerCase();
    return said.every(({ word, of }) => own.includes(word) || of.has(session.id));
  };
  const sessions = await store().user_workout_session.orderBy('history_at').reverse().filter(matches).limit(limit + 1).toArray();
  return { lines: await Promise.all(sessions.slice(0, limit).map(lineOf)), more: sessions.length > limit };
}

const lineOf = async (session: SessionRow): Promise<Line> => ({ session, name: await sessionName(session), sets: await countSets(session.id) });

async function sessionsOf(exercises: string[]): Promise<Set<string>> {
  const found = await store().user_exercise_performance.where('exercise_id').anyOf(exercises).toArray();
  return new Set(found.map((each) => each.user_workout_session_id));
}

async function exercisesNamed(word: string): Promise<string[]> {
  const found = await store().exercise.filter((each) => each.exercise_name.toLocaleLowerCase().includes(word)).toArray();
  return found.map((each) => each.id);
}

async function workoutNames(): Promise<Map<string, string>> {
  const all = await store().workout_revision.toArray();
  return new Map(all.map((each) => [`${each.workout_id} ${each.revision}`, each.workout_name]));
}

/** The exercises that were ever done, by name. */
export async function exercisesDone(): Promise<ExerciseRow[]> {
  const db = store();
  const ids = (await db.user_exercise_performance.orderBy('exercise_id').uniqueKeys()) as string[];
  const found = (await db.exercise.bulkGet(ids)).filter((each) => each !== undefined);
  return found.sort((a, b) => a.exercise_name.localeCompare(b.exercise_name));
}

/** What became of a session, or will: how it is marked in the calendar. */
export type Mark = 'done' | 'running' | 'planned' | 'missed' | 'skipped';

export interface Marked {
  session: SessionRow;
  name: string;
  mark: Mark;
}

/** The sessions of the days from `from` to `to`, by day in the athlete's zone. Cancelled ones are none. */
export async function readDays(from: string, to: string, zone: string, today: string): Promise<Map<string, Marked[]>> {
  // A day more on each side: days begin earlier or later than in UTC.
  const sessions = await store().user_workout_session.where('history_at').between(addDays(from, -1), addDays(to, 2)).toArray();
  const marked: Marked[] = [];
  for (const session of sessions) {
    const on = dayOf(session.history_at, zone);
    if (on < from || on > to || session.session_status === 'CANCELLED') continue;
    marked.push({ session, name: await sessionName(session), mark: markOf(session, on, today) });
  }
  return groupBy(marked, ({ session }) => dayOf(session.history_at, zone));
}

function markOf(session: SessionRow, on: string, today: string): Mark {
  if (session.session_status === 'PLANNED') return on < today ? 'missed' : 'planned';
  return session.session_status === 'COMPLETED' ? 'done' : session.session_status === 'SKIPPED' ? 'skipped' : 'running';
}

/** The year of the athlete's first session. */
export async function firstYear(zone: string): Promise<number> {
  const first = await store().user_workout_session.orderBy('history_at').first();
  return Number(dayOf(first?.history_at ?? Date.now(), zone).slice(0, 4));
}

export interface Deleted {
  session: SessionRow;
  name: string;
}

/** The sessions that were deleted while this device knew them, newest first: those that are still gone. */
export async function readDeleted(): Promise<Deleted[]> {
  const db = store();
  const kept = (await db.meta.where('key').startsWith('deleted:').toArray()).map((each) => each.value as SessionRow);
  const back = await db.user_workout_session.bulkGet(kept.map((each) => each.id));
  const gone = kept.filter((_, place) => !back[place]).sort((a, b) => b.history_at.localeCompare(a.history_at));
  return Promise.all(gone.map(async (session) => ({ session, name: await sessionName(session) })));
}
