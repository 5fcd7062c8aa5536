/** Workouts to begin by themselves, one's own and built in: what the screens read of them, and how one is planned. All of it is on the device. */
import type { components } from '../api/schema';
import { uuid7 } from '../domain/ids';
import { account } from './account.svelte';
import { store } from './db';
import type { InstructionRow, SessionRow, WorkoutRow } from './rows';
import { startNow } from './training';
import { write } from './write';

type Out = components['schemas']['WorkoutOut'];
/** A workout in its latest revision, as the server tells it and as the device knows it. */
export type Told = Pick<Out, 'id' | 'user_id' | 'workout_name' | 'description' | 'is_public' | 'revision' | 'version' | 'updated_at' | 'instructions'>;

export interface Choice {
  workout: WorkoutRow;
  name: string;
  own: boolean;
  exercises: string[];
  /** How many sets it asks, warm-ups left out. */
  sets: number;
  /** The last time it was done. */
  last: SessionRow | null;
}

/** The last time a workout was done, in whichever revision. */
export const lastTime = async (workout_id: string): Promise<SessionRow | null> => {
  const of = store().user_workout_session.where('[workout_id+history_at]').between([workout_id, ''], [workout_id, '\uffff']);
  return (await of.reverse().filter((each) => each.session_status === 'COMPLETED').first()) ?? null;
};

const isOwn = (workout: WorkoutRow): boolean => workout.user_id !== null && workout.user_id === account.user?.id;

/** All there are: one's own first, and of them those done last; then those that are built in. */
export async function readWorkouts(of: 'all' | 'own' = 'all'): Promise<Choice[]> {
  const rows = await store().workout.where('kind').equals('CATALOG').filter((each) => each.is_active && (isOwn(each) || (of === 'all' && each.user_id === null))).toArray();
  const found = (await Promise.all(rows.map(choiceOf))).filter((each) => each !== null);
  const at = (each: Choice): string => each.last?.history_at ?? '';
  return found.sort((a, b) => Number(b.own) - Number(a.own) || at(b).localeCompare(at(a)) || a.name.localeCompare(b.name));
}

async function choiceOf(workout: WorkoutRow): Promise<Choice | null> {
  const [revision, instructions, last] = await Promise.all([revisionOf(workout), instructionsOf(workout), lastTime(workout.id)]);
  if (!revision) return null; // its text is still on its way
  const exercises = await store().exercise.bulkGet(instructions.map((each) => each.exercise_id));
  const names = exercises.flatMap((each) => (each ? [each.exercise_name] : []));
  return { workout, name: revision.workout_name, own: isOwn(workout), exercises: names, sets: instructions.reduce((sum, each) => sum + setsOf(each), 0), last };
}

const pinned = ({ id, revision }: WorkoutRow): [string, number] => [id, revision];
const revisionOf = (workout: WorkoutRow) => store().workout_revision.where('[workout_id+revision]').equals(pinned(workout)).first();
const instructionsOf = (workout: WorkoutRow): Promise<InstructionRow[]> => store().exercise_instruction.where('[workout_id+revision]').equals(pinned(workout)).sortBy('position');

/** How many working sets an instruction asks; one that does not say asks one. */
const setsOf = ({ sets, set_targets }: InstructionRow): number => set_targets?.filter((each) => each.kind !== 'WARMUP').length ?? sets ?? 1;

/** A workout whole, null where the device does not have it. */
export async function readWorkout(id: string): Promise<Told | null> {
  const workout = await store().workout.get(id);
  const revision = workout && (await revisionOf(workout));
  if (!workout || !revision || workout.kind !== 'CATALOG') return null;
  const rows = await instructionsOf(workout);
  const exercises = await store().exercise.bulkGet(rows.map((each) => each.exercise_id));
  const instructions = rows.map((each, place) => {
    const { exercise_name = '', tracks = 'REPS_WEIGHT', load = 'EXTERNAL' } = exercises[place] ?? {};
    return { ...each, exercise_name, tracks, load } as unknown as Out['instructions'][number];
  });
  const { user_id, is_public, version, updated_at } = workout;
  return { id, user_id, workout_name: revision.workout_name, description: revision.description, is_public, revision: workout.revision, version, updated_at, instructions };
}

/** Begins a workout, in the revision that is on the screen. Returns the session's id. */
export const startWorkout = ({ id, revision }: Pick<Told, 'id' | 'revision'>): Promise<string> => startNow({ workout_id: id, workout_revision: revision });

/** Plans a workout for a moment (ISO 8601). */
export async function planWorkout({ id: workout_id, revision: workout_revision }: Pick<Told, 'id' | 'revision'>, scheduled_at: string): Promise<SessionRow> {
  const fields = { workout_id, workout_revision, scheduled_at };
  const local: Omit<SessionRow, 'id' | 'version'> = {
    ...fields, own_workout_id: null, program_enrollment_id: null, program_day: null, session_status: 'PLANNED', started_at: null, completed_at: null, actual_duration_seconds: null,
    paused_seconds: 0, effort_rating: null, soreness_rating: null, session_notes: null, history_at: scheduled_at,
  };
  const id = uuid7();
  await write(['user_workout_session'], async () => [{ table: 'user_workout_session', row_id: id, action: 'insert', fields: { ...fields }, local }]);
  return { id, version: 0, ...local };
}

/** The server archived it: the next pull would say so. */
export const takeOff = (id: string): Promise<void> => store().workout.delete(id);

/** The session that is under way, beside which none is begun. */
export const running = async (): Promise<SessionRow | null> => (await store().user_workout_session.where('session_status').equals('IN_PROGRESS').first()) ?? null;
