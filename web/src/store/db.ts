import Dexie, { type Table } from 'dexie';
import type { Problem } from '../api/client';
import type { CommentRow, EquipmentRow, ExerciseRow, GoalRow, InstructionRow, MeasurementRow, MetricRow, PerformanceRow, PrescriptionRow, Row, SessionRow, SetRow, WorkoutRevisionRow, WorkoutRow } from './rows';

/** A write that the server has not confirmed yet. */
export interface Operation {
  /** Its place in the order of writing. */
  n?: number;
  id: string;
  table: TableName;
  row_id: string;
  action: 'insert' | 'update' | 'delete' | 'verb';
  verb?: string;
  /** The version of the server's row it was based on, and the operations on the row that had no answer then. */
  base_version: number | null;
  after: string[];
  fields: Record<string, unknown>;
  at: string;
  /** What it does to the row on the device: columns, or null if it takes the row away. */
  local: Record<string, unknown> | null;
  /** The row as last heard of from the server, the same of all that waits for a row; null where the server has none. */
  before: Row | null;
  /** The row as the athlete saw it with this done, for words about it; of a deletion, as it was before. */
  was: Row | null;
  /** Whether it may have reached the server: then it is repeated as it was, and nothing is merged into it. */
  sent: boolean;
  /** Until when (milliseconds) it is not sent, because it can be taken back. */
  held?: number;
  /** refused and conflict wait for the athlete. What the server has taken is no longer here. */
  state: 'waiting' | 'refused' | 'conflict';
  problem?: Problem;
  /** In a conflict: the server's row, null if it is gone. */
  current?: Row | null;
}

/** What the server computed, as this device last heard it (reports.ts). */
export interface ReportRow {
  /** What was asked for. */
  key: string;
  body: unknown;
  etag: string | null;
  /** When (milliseconds), and up to which place of the server's ledger the device had heard before it asked. */
  read_at: number;
  head: number;
}

/** What is true of this device alone. */
interface Meta {
  key: string;
  value: unknown;
}

/** The server's tables that have one of their own here. */
export const TABLES = [
  'user_workout_session', 'user_exercise_performance', 'user_set_performance', 'user_measurement', 'exercise', 'workout_revision', 'exercise_instruction',
  'user_prescription', 'session_comment', 'metric', 'user_goal', 'user_equipment', 'workout',
] as const;
export type TableName = (typeof TABLES)[number];

/** Rows are kept under the names of the server's tables; other tables that it sends are kept in `other`. */
export class Store extends Dexie {
  declare user_workout_session: Table<SessionRow, string>;
  declare user_exercise_performance: Table<PerformanceRow, string>;
  declare user_set_performance: Table<SetRow, string>;
  declare user_measurement: Table<MeasurementRow, string>;
  declare exercise: Table<ExerciseRow, string>;
  declare workout_revision: Table<WorkoutRevisionRow, string>;
  declare exercise_instruction: Table<InstructionRow, string>;
  declare user_prescription: Table<PrescriptionRow, string>;
  declare session_comment: Table<CommentRow, string>;
  declare metric: Table<MetricRow, string>;
  declare user_goal: Table<GoalRow, string>;
  declare user_equipment: Table<EquipmentRow, string>;
  declare workout: Table<WorkoutRow, string>;
  declare other: Table<Row & { table: string }, string>;
  declare outbox: Table<Operation, number>;
  declare meta: Table<Meta, string>;
  declare reports: Table<ReportRow, string>;

  constructor(userId: string) {
    super(nameOf(userId));
    this.version(1).stores({
      user_workout_session: 'id, session_status, history_at, program_enrollment_id, [session_status+history_at]',
      user_exercise_performance: 'id, user_workout_session_id, exercise_id',
      user_set_performance: 'id, user_exercise_performance_id, exercise_id',
      user_measurement: 'id, [metric_id+measurement_date]',
      exercise: 'id, rank',
      workout_revision: 'id, [workout_id+revision]',
      exercise_instruction: 'id, [workout_id+revision]',
      other: 'id, table',
      outbox: '++n, id, row_id, state',
      meta: 'key',
    });
    // Prescriptions came in `other` before they had a table of their own.
    this.version(2)
      .stores({ user_prescription: 'id, user_workout_session_id' })
      .upgrade(async (change) => {
        const kept = await change.table('other').where('table').equals('user_prescription').toArray();
        await change.table('user_prescription').bulkPut(kept.map(({ table: _, ...row }) => row));
        await change.table('other').where('table').equals('user_prescription').delete();
      });
    this.version(3).stores({ reports: 'key, read_at' });
    // Comments, to be written as well as read.
    this.version(4)
      .stores({ session_comment: 'id, user_workout_session_id, created_at' })
      .upgrade(async (change) => {
        const kept = await change.table('other').where('table').equals('session_comment').toArray();
        await change.table('session_comment').bulkPut(kept.map(({ table: _, ...row }) => row));
        await change.table('other').where('table').equals('session_comment').delete();
      });
    this.version(5)
      .stores({ metric: 'id', user_goal: 'id' })
      .upgrade(async (change) => {
        for (const name of ['metric', 'user_goal']) {
          const kept = await change.table('other').where('table').equals(name).toArray();
          await change.table(name).bulkPut(kept.map(({ table: _, ...row }) => row));
          await change.table('other').where('table').equals(name).delete();
        }
      });
    this.version(6)
      .stores({ user_equipment: 'id' })
      .upgrade(async (change) => {
        const kept = await change.table('other').where('table').equals('user_equipment').toArray();
        await change.table('user_equipment').bulkPut(kept.map(({ table: _, ...row }) => row));
        await change.table('other').where('table').equals('user_equipment').delete();
      });
    // Workouts to begin, and when each was done last. Those that are built in come with the catalogue, which is fetched once more.
    this.version(7)
      .stores({
        workout: 'id, kind',
        user_workout_session: 'id, session_status, history_at, program_enrollment_id, [session_status+history_at], [workout_id+history_at]',
      })
      .upgrade(async (change) => {
        const kept = await change.table('other').where('table').equals('workout').toArray();
        await change.table('workout').bulkPut(kept.map(({ table: _, ...row }) => row));
        await change.table('other').where('table').equals('workout').delete();
        await change.table('meta').delete('catalog');
      });
  }
}

let opened: Store | null = null;

const nameOf = (userId: string): string => `reptrail-${userId}`;
// Where it is remembered whose store is to be deleted.
const FORGETTING = 'forgetting';
const forgotten = (name: string): void => {
  if (localStorage.getItem(FORGETTING) === name) localStorage.removeItem(FORGETTING);
};

/** Opens the store of whoever is signed in. */
export function openStore(userId: string): Store {
  if (opened?.name !== nameOf(userId)) {
    opened?.close();
    opened = new Store(userId);
  }
  forgotten(opened.name); // they are back
  return opened;
}

/** The open store. */
export function store(): Store {
  if (!opened) throw new Error('nobody is signed in');
  return opened;
}

/** Deletes what this device holds of an athlete. */
export async function forgetDevice(userId: string): Promise<void> {
  opened?.close();
  opened = null;
  localStorage.setItem(FORGETTING, nameOf(userId));
  await endForgetting();
}

/** Deletes what was to be deleted: also what a page that went away meanwhile left of it. */
export async function endForgetting(): Promise<void> {
  const name = localStorage.getItem(FORGETTING);
  if (!name) return;
  await Dexie.delete(name);
  forgotten(name);
}
