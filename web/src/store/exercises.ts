/** The exercises that the athlete has done, as this device knows them. */
import { store } from './db';
import type { ExerciseRow } from './rows';

export interface DoneExercise {
  exercise: ExerciseRow;
  /** When it was last done, of the sessions looked at; null for one that was done longer ago. */
  last: string | null;
}

const SESSIONS = 40;

/** Those of the last sessions first, newest first, then all others by how common they are. Ten years of performances are read by their keys alone. */
export async function readDoneExercises(): Promise<DoneExercise[]> {
  const db = store();
  const sessions = await db.user_workout_session.orderBy('history_at').reverse().filter((each) => each.session_status === 'COMPLETED').limit(SESSIONS).toArray();
  const at = new Map(sessions.map((each) => [each.id, each.history_at]));
  const last = new Map<string, string>();
  for (const each of await db.user_exercise_performance.where('user_workout_session_id').anyOf([...at.keys()]).toArray()) {
    const when = at.get(each.user_workout_session_id)!;
    if (when > (last.get(each.exercise_id) ?? '')) last.set(each.exercise_id, when);
  }
  const ids = (await db.user_exercise_performance.orderBy('exercise_id').uniqueKeys()) as string[];
  const exercises = (await db.exercise.bulkGet(ids)).filter((each) => each !== undefined);
  return exercises
    .map((exercise) => ({ exercise, last: last.get(exercise.id) ?? null }))
    .sort((a, b) => (b.last ?? '').localeCompare(a.last ?? '') || a.exercise.rank - b.exercise.rank);
}
