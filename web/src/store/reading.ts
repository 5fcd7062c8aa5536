/** What the screens read, all of it from the device. */
import { addDays, dayOf, mondayOf } from '../domain/days';
import { t } from '../i18n';
import { store } from './db';
import type { Arrangement } from './drafts';
import type { ExerciseRow, InstructionRow, PerformanceRow, PrescriptionRow, SessionRow, SetRow } from './rows';

export interface Entry {
  /** The exercise, and how many there were of it before: the same on the device and once the server has made its rows. */
  key: string;
  exercise_id: string;
  exercise: ExerciseRow | undefined;
  instruction: InstructionRow | null;
  performance: PerformanceRow | null;
  prescription: PrescriptionRow | null;
  sets: SetRow[];
}

export interface SessionView {
  session: SessionRow;
  name: string;
  entries: Entry[];
  /** Which of its sets the server does not have as they are here. */
  waiting: ReadonlySet<string>;
}

/** A session with what is asked and what was done. Null where there is none. */
export async function readSession(id: string, arrangement?: Arrangement): Promise<SessionView | null> {
  const db = store();
  const { user_workout_session, user_exercise_performance, user_set_performance, user_prescription, exercise, exercise_instruction, workout_revision } = db;
  const tables = [user_workout_session, user_exercise_performance, user_set_performance, user_prescription, exercise, exercise_instruction, workout_revision, db.outbox];
  // In one transaction: each costs a phone as much as several reads, and this is read with every set that is logged.
  return db.transaction('r', tables, async () => {
    const session = await user_workout_session.get(id);
    if (!session) return null;
    const [name, instructions, performances, prescriptions, unsaved] = await Promise.all([
      sessionName(session),
      readInstructions(session),
      user_exercise_performance.where('user_workout_session_id').equals(id).toArray(),
      user_prescription.where('user_workout_session_id').equals(id).toArray(),
      db.outbox.orderBy('row_id').uniqueKeys() as unknown as Promise<string[]>,
    ]);
    const sets = await user_set_performance.where('user_exercise_performance_id').anyOf(performances.map((each) => each.id)).toArray();
    const entries = rearrange(arrange(instructions, performances, sets), arrangement);
    const exercises = await exercise.bulkGet(entries.map((entry) => entry.exercise_id));
    entries.forEach((entry, place) => {
      entry.exercise = exercises[place];
      entry.prescription = prescriptions.find((each) => each.exercise_instruction_id === entry.instruction?.id) ?? null;
    });
    return { session, name, entries, waiting: new Set(unsaved) };
  });
}

async function readInstructions(session: SessionRow): Promise<InstructionRow[]> {
  const of = (workout: string, revision: number): Promise<InstructionRow[]> =>
    store().exercise_instruction.where('[workout_id+revision]').equals([workout, revision]).sortBy('position');
  const planned = session.workout_id ? await of(session.workout_id, session.workout_revision) : [];
  const own = session.own_workout_id && session.own_workout_id !== session.workout_id ? await of(session.own_workout_id, 1) : [];
  // Those that this device added and the server has not placed yet.
  return [...planned, ...own, ...(await of(session.id, 1))];
}

const entryOf = (exercise_id: string, key: string): Entry => ({ key, exercise_id, exercise: undefined, instruction: null, performance: null, prescription: null, sets: [] });

function arrange(instructions: InstructionRow[], performances: PerformanceRow[], sets: SetRow[]): Entry[] {
  const entries: Entry[] = [];
  const left = new Map(performances.map((each) => [each.id, each]));
  const add = (exercise_id: string, instruction: InstructionRow | null, mine: PerformanceRow[]): void => {
    const ids = new Set(mine.map((each) => each.id));
    const own = sets.filter((set) => ids.has(set.user_exercise_performance_id)).sort((a, b) => a.set_number - b.set_number);
    const before = entries.filter((entry) => entry.exercise_id === exercise_id).length;
    const key = before ? `${exercise_id}:${before}` : exercise_id;
    entries.push({ ...entryOf(exercise_id, key), instruction, performance: mine[0] ?? null, sets: own });
    mine.forEach((each) => left.delete(each.id));
  };
  for (const instruction of instructions) {
    const mine = performances.filter((each) => each.exercise_instruction_id === instruction.id);
    // One that the device made for an exercise without a plan, whose instruction the server has made in the meantime.
    const stray = performances.filter((each) => left.has(each.id) && each.version === 0 && each.id === each.exercise_instruction_id && each.exercise_id === instruction.exercise_id);
    add(instruction.exercise_id, instruction, [...mine, ...stray]);
  }
  for (const performance of performances) if (left.has(performance.id)) add(performance.exercise_id, null, [performance]);
  return entries;
}

/** As the athlete changed it on this device: added, left out, and one exercise in another's place. What has sets stays in any case. */
function rearrange(entries: Entry[], arrangement: Arrangement = { extra: [], swapped: {}, left_out: [] }): Entry[] {
  const { extra, swapped, left_out } = arrangement;
  const found = new Map(entries.map((entry) => [entry.key, entry]));
  const placed = new Set<string>();
  const all: Entry[] = [];
  const place = (entry: Entry): void => {
    if (placed.has(entry.key)) return;
    placed.add(entry.key);
    const instead = swapped[entry.key];
    if (entry.sets.length || (!instead && !left_out.includes(entry.key))) all.push(entry);
    if (instead) place(found.get(instead) ?? entryOf(instead, instead));
  };
  const instead = new Set(Object.values(swapped));
  for (const entry of entries) if (!instead.has(entry.key) || entry.key in swapped) place(entry);
  for (const id of extra) if (!placed.has(id)) place(found.get(id) ?? entryOf(id, id));
  for (const entry of entries) place(entry);
  return all;
}

/** What a session is called: by its own name, else by its workout's. */
export async function sessionName(session: SessionRow): Promise<string> {
  if (session.session_name) return session.session_name;
  if (session.workout_id) {
    const revision = await store().workout_revision.where('[workout_id+revision]').equals([session.workout_id, session.workout_revision]).first();
    if (revision) return revision.workout_name;
  }
  return session.workout_name ?? t('workout.untitled');
}

export interface Line {
  session: SessionRow;
  name: string;
  sets: number;
}

/** The newest sessions that are over or under way, each with its name and number of sets. */
export async function readHistory(limit: number, from = 0): Promise<Line[]> {
  const done = store().user_workout_session.where('[session_status+history_at]').between(['COMPLETED', ''], ['COMPLETED', '\uffff']);
  const sessions = await done.reverse().offset(from).limit(limit).toArray();
  return Promise.all(sessions.map(async (session) => ({ session, name: await sessionName(session), sets: await countSets(session.id) })));
}

/** How many sets a session has, warm-ups left out. */
export async function countSets(session_id: string): Promise<number> {
  const db = store();
  const ids = await db.user_exercise_performance.where('user_workout_session_id').equals(session_id).primaryKeys();
  return db.user_set_performance.where('user_exercise_performance_id').anyOf(ids).filter((set) => set.kind !== 'WARMUP').count();
}

/** Consecutive ISO weeks with training, up to this one, which breaks nothing if it has none yet. */
export async function readStreak(zone: string, today: string): Promise<number> {
  // Newest first, a look at the index for each session or two of the streak: reading ten years of keys for it kept a phone busy.
  let count = 0;
  let latest = mondayOf(today);
  for (let before = addDays(latest, 8); ; ) {
    const at = await newestDone(before);
    const week = at === null ? '' : mondayOf(dayOf(at, zone));
    if (week > latest) before = at!; // of a day to come, or of a week that is counted
    else if (week === latest || (count === 0 && week === addDays(latest, -7))) {
      count++;
      latest = addDays(week, -7);
      before = addDays(week, 1); // as late as that week's Monday begins anywhere on earth
    } else return count;
  }
}

async function newestDone(before: string): Promise<string | null> {
  const done = store().user_workout_session.where('[session_status+history_at]').between(['COMPLETED', ''], ['COMPLETED', before]);
  const [key] = (await done.reverse().limit(1).keys()) as unknown as [string, string][];
  return key ? key[1] : null;
}
