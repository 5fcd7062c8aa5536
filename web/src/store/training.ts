/** What an athlete does in a workout session: each writes the rows on the device and what the server is told. */
import { uuid7 } from '../domain/ids';
import { toKg } from '../domain/units';
import { store, type TableName } from './db';
import type { ExerciseRow, PerformanceRow, SessionRow, SetRow } from './rows';
import { write, type Change } from './write';

const SESSION = 'user_workout_session';
const PERFORMANCE = 'user_exercise_performance';
const SET = 'user_set_performance';

// Behind all that has a place already.
const LAST = 9_999;
// As the server ranks what nobody else has.
const OWN_RANK = 1_000_000;

const now = (): string => new Date().toISOString();

/** Starts an empty session, or one of a workout. Returns its id. */
export async function startNow(of: { workout_id?: string; workout_revision?: number; workout_name?: string } = {}): Promise<string> {
  const id = uuid7();
  const at = now();
  const local = {
    workout_id: null, workout_revision: 1, own_workout_id: null, program_enrollment_id: null, program_day: null, session_status: 'IN_PROGRESS',
    scheduled_at: null, started_at: at, completed_at: null, actual_duration_seconds: null, paused_seconds: 0, effort_rating: null,
    soreness_rating: null, session_notes: null, history_at: at, ...of,
  };
  const fields = { session_status: 'IN_PROGRESS', started_at: at, ...of };
  await write([SESSION], async () => [{ table: SESSION, row_id: id, action: 'insert', fields, local }]);
  return id;
}

/** Moves a session through its lifecycle, as far as the device can tell. */
const move = (session: SessionRow, verb: string, local: Partial<SessionRow>, fields: Record<string, unknown> = {}): Promise<void> =>
  write([SESSION], async () => [{ table: SESSION, row_id: session.id, action: 'verb', verb, fields, local }]);

export const start = (session: SessionRow): Promise<void> => {
  const at = now();
  return move(session, 'start', { session_status: 'IN_PROGRESS', started_at: at, history_at: at }, { started_at: at });
};

export interface Finish {
  effort_rating: number | null;
  soreness_rating: number | null;
  session_notes: string | null;
}

export const complete = (session: SessionRow, finish: Finish): Promise<void> => {
  const fields = { completed_at: now(), ...given(finish) };
  return move(session, 'complete', { session_status: 'COMPLETED', ...fields }, fields);
};

export const cancel = (session: SessionRow): Promise<void> => move(session, 'cancel', { session_status: 'CANCELLED' });
/** Plans again what was skipped or cancelled. */
export const reopen = (session: SessionRow): Promise<void> => move(session, 'reopen', { session_status: 'PLANNED', started_at: null, completed_at: null });
export const skip = (session: SessionRow): Promise<void> => move(session, 'skip', { session_status: 'SKIPPED' });

/** Gives a session a name of its own; none is its workout's again. */
export const nameSession = (session: SessionRow, name: string): Promise<void> => editSession(session, { session_name: name.trim() || null });

/** Adds an exercise to a session, on every device. Its place in the session's own workout is the server's to say. */
export const planExercise = (session: SessionRow, exercise_id: string): Promise<void> =>
  write(['exercise_instruction'], async () => {
    const local = {
      workout_id: session.own_workout_id ?? session.id, revision: 1, position: LAST, exercise_id, group_number: null, sets: null, reps_min: null, reps_max: null,
      weight: null, weight_unit: null, rpe: null, rest_seconds: null, duration_seconds: null, distance_m: null, set_targets: null, instruction_notes: null,
    };
    return [{ table: 'exercise_instruction', row_id: uuid7(), action: 'insert', fields: { user_workout_session_id: session.id, exercise_id }, local }];
  });

/** Takes out what was added and never done. */
export const unplanExercise = (instruction_id: string): Promise<void> =>
  write(['exercise_instruction'], async () => [{ table: 'exercise_instruction', row_id: instruction_id, action: 'delete', fields: {}, local: null }]);

/** What there is to say of an exercise in this session. */
export const noteExercise = (of: Of, performance_notes: string | null): Promise<void> =>
  write([PERFORMANCE], async () => {
    const db = store();
    const id = await standIn(of);
    const row = (await db.user_exercise_performance.get(id))!;
    const local = { performance_notes };
    if (row.version > 0 || (await db.outbox.where('row_id').equals(id).count())) return [{ table: PERFORMANCE, row_id: id, action: 'update', fields: local, local }];
    const fields = { user_workout_session_id: of.session_id, exercise_instruction_id: row.exercise_instruction_id, performance_notes };
    return [{ table: PERFORMANCE, row_id: id, action: 'insert', fields, local }];
  });

export type OwnExercise = Pick<ExerciseRow, 'exercise_name' | 'equipment' | 'tracks' | 'load' | 'primary_muscles' | 'secondary_muscles'> & { mechanic: string };

/** Makes an exercise of the athlete's own, to be used at once. */
export const makeExercise = (id: string, made: OwnExercise): Promise<void> =>
  write(['exercise'], async () => {
    const local = { ...made, aliases: [], rank: OWN_RANK };
    return [{ table: 'exercise', row_id: id, action: 'insert', fields: { ...made }, local }];
  });

/** Changes what was noted of a session. */
export const editSession = (session: SessionRow, fields: Partial<SessionRow>): Promise<void> =>
  write([SESSION], async () => [{ table: SESSION, row_id: session.id, action: 'update', fields, local: fields }]);

export type SetValues = Pick<SetRow, 'reps' | 'weight' | 'weight_unit' | 'rpe' | 'kind' | 'duration_seconds' | 'distance_m' | 'load' | 'notes'>;

export interface Of {
  session_id: string;
  exercise_id: string;
  /** The plan's instruction, or null for an exercise that no plan names. */
  instruction_id: string | null;
}

/** Logs a set. The performance it belongs to is the server's to make; until its row comes, one of the device's own stands in for it. */
export async function logSet(of: Of, values: SetValues, id: string = uuid7()): Promise<SetRow> {
  let local: object;
  await write([PERFORMANCE, SET], async () => {
    const performance_id = await standIn(of);
    const siblings = await store().user_set_performance.where('user_exercise_performance_id').equals(performance_id).toArray();
    const said = { set_number: Math.max(0, ...siblings.map((set) => set.set_number)) + 1, completed_at: now(), ...given(values) };
    local = {
      user_exercise_performance_id: performance_id, exercise_id: of.exercise_id, notes: null, reps: null, weight: null, weight_unit: null, rpe: null,
      duration_seconds: null, distance_m: null, weight_kg: kg(values), ...said,
    };
    const named = of.instruction_id ? { exercise_instruction_id: of.instruction_id } : { exercise_id: of.exercise_id };
    return [{ table: SET, row_id: id, action: 'insert', fields: { user_workout_session_id: of.session_id, ...named, ...said }, local: local as Record<string, unknown> }];
  });
  return { version: 0, ...local!, id } as SetRow;
}

async function standIn(of: Of): Promise<string> {
  const performances = store().user_exercise_performance;
  const all = await performances.where('user_workout_session_id').equals(of.session_id).toArray();
  const found = all.find((each) => (of.instruction_id ? each.exercise_instruction_id === of.instruction_id : each.exercise_id === of.exercise_id));
  if (found) return found.id;
  const id = uuid7();
  const row: PerformanceRow = {
    id, version: 0, user_workout_session_id: of.session_id, exercise_instruction_id: of.instruction_id ?? id, exercise_id: of.exercise_id,
    sets_completed: 0, difficulty_rating: null, performance_notes: null,
  };
  await performances.put(row);
  return id;
}

/** Corrects a set. */
export const editSet = (set: SetRow, values: SetValues): Promise<void> =>
  write([SET], async () => [{ table: SET, row_id: set.id, action: 'update', fields: { ...values }, local: { ...values, weight_kg: kg(values) } }]);

/** Takes a set away. */
export const deleteSet = (set: SetRow): Promise<void> =>
  write([SET], async () => [{ table: SET, row_id: set.id, action: 'delete', fields: {}, local: null }]);

/** Brings back a set that was just taken away, as a new one: the id of the old one has been told to the server as deleted. */
export const restoreSet = (set: SetRow, of: Of): Promise<SetRow> => {
  const { reps, weight, weight_unit, rpe, kind, duration_seconds, distance_m, load, notes } = set;
  return logSet(of, { reps, weight, weight_unit, rpe, kind, duration_seconds, distance_m, load, notes });
};

const kg = (set: Pick<SetRow, 'weight' | 'weight_unit'>): number | null =>
  set.weight === null || set.weight_unit === null ? null : toKg(set.weight, set.weight_unit);

/** The fields that say something. */
function given(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

export type { Change, TableName };
