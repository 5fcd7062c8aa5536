/** What Today reads: the workout to do next, those that come after it, and where in its program it stands. */
import { addDays, dayOf, mondayOf } from '../domain/days';
import { store } from './db';
import { readDays, type Marked } from './history';
import { sessionName } from './reading';
import type { Row, SessionRow } from './rows';

export interface Planned {
  session: SessionRow;
  name: string;
  /** The day it is planned for, in the athlete's zone. */
  on: string;
}

/** What a workout is made of and where it comes from, as far as the device knows. */
export interface About {
  exercises: string[];
  program: { name: string; week: number; weeks: number } | null;
}

/** Rows of the server's that have no table of their own here. */
interface Enrollment extends Row {
  program_id: string;
  program_revision: number;
  enrollment_status: string;
  paused_on: string | null;
}
interface Revision extends Row {
  program_id: string;
  revision: number;
  program_name: string;
  day_count: number;
}

const MOST = 4;
const WEEK = 7;
const others = async <T>(table: string): Promise<T[]> => (await store().other.where('table').equals(table).toArray()) as unknown as T[];

/** The programs that are paused, each with the day from which on nothing of it is due. */
async function pausedPrograms(): Promise<Map<string, string>> {
  const all = await others<Enrollment>('user_program_enrollment');
  return new Map(all.flatMap(({ id, enrollment_status, paused_on }) => (enrollment_status === 'PAUSED' && paused_on ? [[id, paused_on]] : [])));
}

/**
 * What is planned for today or was missed, at most a week back (what is older is history and not a plan), or comes within a week: what is
 * due today first, then what was missed, then what comes, each by its time. What a paused program planned is none of them.
 */
export async function readPlanned(zone: string, today: string): Promise<Planned[]> {
  const paused = await pausedPrograms();
  // A program of two years has hundreds of them: those of a later month are not read at all. A day more on each side, as days begin
  // earlier or later than in UTC.
  const near = store().user_workout_session.where('[session_status+history_at]').between(['PLANNED', addDays(today, -WEEK - 1)], ['PLANNED', addDays(today, WEEK + 2)]);
  const found: { session: SessionRow; on: string }[] = [];
  for (const session of await near.toArray()) {
    if (!session.scheduled_at) continue;
    const on = dayOf(session.scheduled_at, zone);
    const from = paused.get(session.program_enrollment_id ?? '');
    if (on >= addDays(today, -WEEK) && on <= addDays(today, WEEK) && !(from && on >= from)) found.push({ session, on });
  }
  const turn = (on: string): number => (on === today ? 0 : on < today ? 1 : 2);
  found.sort((a, b) => turn(a.on) - turn(b.on) || a.session.scheduled_at!.localeCompare(b.session.scheduled_at!));
  return Promise.all(found.slice(0, MOST).map(async ({ session, on }) => ({ session, on, name: await sessionName(session) })));
}

/** The exercises of a workout that is planned, and which week of which program it is. */
export async function readAbout({ workout_id, workout_revision, program_enrollment_id, program_day }: SessionRow): Promise<About> {
  const asked = workout_id ? await store().exercise_instruction.where('[workout_id+revision]').equals([workout_id, workout_revision]).sortBy('position') : [];
  const exercises = await store().exercise.bulkGet(asked.map((each) => each.exercise_id));
  const enrollment = program_enrollment_id ? ((await store().other.get(program_enrollment_id)) as Enrollment | undefined) : undefined;
  const revisions = enrollment ? await others<Revision>('program_revision') : [];
  const of = revisions.find((each) => each.program_id === enrollment?.program_id && each.revision === enrollment.program_revision);
  const weeks = Math.ceil((of?.day_count ?? 0) / WEEK);
  const program = of ? { name: of.program_name, week: Math.min(weeks, Math.ceil((program_day ?? 1) / WEEK)), weeks } : null;
  return { exercises: exercises.flatMap((each) => (each ? [each.exercise_name] : [])), program };
}

/** The sessions of this week, by day, without what a paused program planned. */
export async function readWeek(zone: string, today: string): Promise<Map<string, Marked[]>> {
  const monday = mondayOf(today);
  const [paused, days] = await Promise.all([pausedPrograms(), readDays(monday, addDays(monday, WEEK - 1), zone, today)]);
  const held = ({ session }: Marked, on: string): boolean => session.session_status === 'PLANNED' && on >= (paused.get(session.program_enrollment_id ?? '') ?? '~');
  return new Map([...days].map(([on, all]) => [on, all.filter((each) => !held(each, on))]));
}
