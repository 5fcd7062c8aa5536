/** What the screens read, all of it from the device. */
import { dayOf, streakWeeks } from '../domain/days';
import { store } from './db';
import type { ExerciseRow, InstructionRow, PerformanceRow, SessionRow, SetRow } from './rows';

export interface Entry {
  /** Stable while a performance is still the device's own. */
  key: string;
  exercise_id: string;
  exercise: ExerciseRow | undefined;
  instruction: InstructionRow | null;
  performance: PerformanceRow | null;
  sets: SetRow[];
  /** The sets of the last time this exercise was done, before this session. */
  previous: { session: SessionRow; sets: SetRow[] } | null;
}

export interface SessionView {
  session: SessionRow;
  name: string;
  entries: Entry[];
}

/** A session with what is asked, what was done, and what was done the last time. Null where there is none. */
export async function readSession(id: string, extra: readonly string[] = []): Promise<SessionView | null> {
  const db = store();
  const session = await db.user_workout_session.get(id);
  if (!session) return null;
  const [instructions, performances] = await Promise.all([
    readInstructions(session),
    db.user_exercise_performance.where('user_workout_session_id').equals(id).toArray(),
  ]);
  const sets = await db.user_set_performance.where('user_exercise_performance_id').anyOf(performances.map((each) => each.id)).toArray();
  const entries = arrange(instructions, performances, sets, extra);
  const exercises = await db.exercise.bulkGet(entries.map((entry) => entry.exercise_id));
  const previous = await Promise.all(entries.map((entry) => readPrevious(entry.exercise_id, session)));
  entries.forEach((entry, place) => {
    entry.exercise = exercises[place];
    entry.previous = previous[place] ?? null;
  });
  return { session, name: await sessionName(session), entries };
}

async function readInstructions(session: SessionRow): Promise<InstructionRow[]> {
  const of = (workout: string, revision: number): Promise<InstructionRow[]> =>
    store().exercise_instruction.where('[workout_id+revision]').equals([workout, revision]).sortBy('position');
  const planned = session.workout_id ? await of(session.workout_id, session.workout_revision) : [];
  const own = session.own_workout_id && session.own_workout_id !== session.workout_id ? await of(session.own_workout_id, 1) : [];
  return [...planned, ...own];
}

function arrange(instructions: InstructionRow[], performances: PerformanceRow[], sets: SetRow[], extra: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  const left = new Map(performances.map((each) => [each.id, each]));
  const add = (exercise_id: string, instruction: InstructionRow | null, mine: PerformanceRow[]): void => {
    const ids = new Set(mine.map((each) => each.id));
    const own = sets.filter((set) => ids.has(set.user_exercise_performance_id)).sort((a, b) => a.set_number - b.set_number);
    const key = instruction && !mine.some((each) => each.exercise_instruction_id === each.id) ? instruction.id : exercise_id;
    entries.push({ key, exercise_id, exercise: undefined, instruction, performance: mine[0] ?? null, sets: own, previous: null });
    mine.forEach((each) => left.delete(each.id));
  };
  for (const instruction of instructions) {
    const mine = performances.filter((each) => each.exercise_instruction_id === instruction.id);
    // One that the device made for an exercise without a plan, whose instruction the server has made in the meantime.
    const stray = mine.length ? [] : performances.filter((each) => each.version === 0 && each.id === each.exercise_instruction_id && each.exercise_id === instruction.exercise_id);
    add(instruction.exercise_id, instruction, [...mine, ...stray]);
  }
  for (const performance of performances) if (left.has(performance.id)) add(performance.exercise_id, null, [performance]);
  for (const exercise of extra) if (!entries.some((entry) => entry.exercise_id === exercise)) add(exercise, null, []);
  return entries;
}

async function readPrevious(exercise_id: string, before: SessionRow): Promise<Entry['previous']> {
  const db = store();
  const performances = await db.user_exercise_performance.where('exercise_id').equals(exercise_id).toArray();
  const sessions = (await db.user_workout_session.bulkGet([...new Set(performances.map((each) => each.user_workout_session_id))]))
    .filter((session): session is SessionRow => session?.session_status === 'COMPLETED' && session.id !== before.id && session.history_at < before.history_at)
    .sort((a, b) => b.history_at.localeCompare(a.history_at));
  for (const session of sessions) {
    const ids = performances.filter((each) => each.user_workout_session_id === session.id).map((each) => each.id);
    const sets = await db.user_set_performance.where('user_exercise_performance_id').anyOf(ids).sortBy('set_number');
    if (sets.length) return { session, sets };
  }
  return null;
}

/** What a session is called: by its workout. */
export async function sessionName(session: SessionRow): Promise<string> {
  if (session.workout_id) {
    const revision = await store().workout_revision.where('[workout_id+revision]').equals([session.workout_id, session.workout_revision]).first();
    if (revision) return revision.workout_name;
  }
  return session.workout_name ?? 'Workout';
}

export interface Line {
  session: SessionRow;
  name: string;
  sets: number;
}

/** The newest sessions that are over or under way, each with its name and number of sets. */
export async function readHistory(limit: number, from = 0): Promise<Line[]> {
  const db = store();
  const sessions = await db.user_workout_session
    .orderBy('history_at').reverse()
    .filter((session) => session.session_status === 'COMPLETED')
    .offset(from).limit(limit).toArray();
  return Promise.all(sessions.map(async (session) => ({ session, name: await sessionName(session), sets: await countSets(session.id) })));
}

async function countSets(session_id: string): Promise<number> {
  const db = store();
  const ids = await db.user_exercise_performance.where('user_workout_session_id').equals(session_id).primaryKeys();
  return db.user_set_performance.where('user_exercise_performance_id').anyOf(ids).filter((set) => set.kind !== 'WARMUP').count();
}

/** Weeks in a row with training, as of today. */
export async function readStreak(zone: string, today: string): Promise<number> {
  const sessions = await store().user_workout_session.where('session_status').equals('COMPLETED').toArray();
  return streakWeeks(sessions.map((session) => dayOf(session.history_at, zone)), today);
}
