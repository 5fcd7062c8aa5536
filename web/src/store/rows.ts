/** The athlete's rows as the server has them: the columns that the app reads. Times are ISO 8601 in UTC, days YYYY-MM-DD. */
import type { Equipment } from '../domain/plates';
import type { WeightUnit } from '../domain/units';

export type SessionStatus = 'PLANNED' | 'IN_PROGRESS' | 'COMPLETED' | 'SKIPPED' | 'CANCELLED';
export type SetKind = 'WARMUP' | 'WORKING' | 'DROP' | 'AMRAP' | 'FAILURE';
export type SetLoad = 'EXTERNAL' | 'BODYWEIGHT' | 'ADDED' | 'ASSISTED';
export type Tracks = 'REPS_WEIGHT' | 'REPS' | 'DURATION' | 'DISTANCE' | 'DISTANCE_DURATION' | 'DURATION_WEIGHT' | 'DISTANCE_WEIGHT';

export interface Row {
  id: string;
  /** The version of the server's row that this one was made from; 0 for one that only this device knows. */
  version: number;
}

export interface SessionRow extends Row {
  workout_id: string | null;
  workout_revision: number;
  own_workout_id: string | null;
  program_enrollment_id: string | null;
  program_day: number | null;
  session_status: SessionStatus;
  scheduled_at: string | null;
  started_at: string | null;
  completed_at: string | null;
  actual_duration_seconds: number | null;
  paused_seconds: number;
  effort_rating: number | null;
  soreness_rating: number | null;
  session_notes: string | null;
  /** What the athlete calls it; else it is called by its workout. Not there in a row that an older server sent. */
  session_name?: string | null;
  history_at: string;
  /** Until the server has made the workout: what it is to be called. */
  workout_name?: string;
}

export interface PerformanceRow extends Row {
  user_workout_session_id: string;
  exercise_instruction_id: string;
  exercise_id: string;
  sets_completed: number;
  difficulty_rating: number | null;
  performance_notes: string | null;
}

export interface SetRow extends Row {
  user_exercise_performance_id: string;
  exercise_id: string;
  set_number: number;
  kind: SetKind;
  reps: number | null;
  weight: number | null;
  weight_unit: WeightUnit | null;
  weight_kg: number | null;
  load: SetLoad;
  duration_seconds: number | null;
  distance_m: number | null;
  rpe: number | null;
  completed_at: string | null;
  notes: string | null;
}

export interface ExerciseRow extends Row {
  exercise_name: string;
  equipment: string;
  tracks: Tracks;
  load: SetLoad;
  primary_muscles: string[];
  secondary_muscles: string[];
  aliases: string[];
  rank: number;
}

/** What the athlete can load: one row, with their own id. */
export interface EquipmentRow extends Row, Equipment {}

export interface WorkoutRow extends Row {
  /** Null of one that is built in. */
  user_id: string | null;
  /** CATALOG: one to begin by itself; the others belong to a program or to a single session. */
  kind: 'CATALOG' | 'PROGRAM' | 'SESSION';
  is_public: boolean;
  is_active: boolean;
  /** The latest. */
  revision: number;
  updated_at: string;
}

export interface WorkoutRevisionRow extends Row {
  workout_id: string;
  revision: number;
  workout_name: string;
  description: string | null;
}

export interface InstructionRow extends Row {
  workout_id: string;
  revision: number;
  position: number;
  exercise_id: string;
  group_number: number | null;
  sets: number | null;
  reps_min: number | null;
  reps_max: number | null;
  weight: number | null;
  weight_unit: WeightUnit | null;
  rpe: number | null;
  rest_seconds: number | null;
  duration_seconds: number | null;
  distance_m: number | null;
  /** What its sets ask, where they differ. */
  set_targets: Partial<SetTarget>[] | null;
  instruction_notes: string | null;
  /** Missing in what this device added to a session by itself. */
  percent?: number | null;
  progression?: { rule: PrescriptionRow['rule'] } | null;
}

/** What one set asks. */
export interface SetTarget {
  set_number: number;
  kind: SetKind;
  reps_min: number | null;
  reps_max: number | null;
  weight: number | null;
  weight_unit: WeightUnit | null;
  rpe: number | null;
  duration_seconds: number | null;
  distance_m: number | null;
}

/** What a session asks of one exercise, computed by the server when it began, and why in words. */
export interface PrescriptionRow extends Row {
  user_workout_session_id: string;
  exercise_instruction_id: string;
  exercise_id: string;
  sets: SetTarget[];
  rest_seconds: number | null;
  rule: 'fixed' | 'linear' | 'double' | 'percent' | 'rpe';
  /** What the rule reckoned with; `said` is the reason as data (i18n/why.ts). */
  inputs?: { said?: unknown };
  reason: string;
}

export type MeasurementSource = 'MANUAL' | 'DEVICE' | 'CALCULATED' | 'ESTIMATED';

export interface MeasurementRow extends Row {
  metric_id: string;
  measured_value: number;
  unit: string;
  measurement_date: string;
  measurement_notes: string | null;
  /** Missing in what this device wrote and the server has not answered. */
  measurement_source?: MeasurementSource;
  canonical_value: number;
}

export interface MetricRow extends Row {
  /** Null of an athlete's own. */
  slug: string | null;
  metric_name: string;
  dimension: string;
  canonical_unit: string;
  allowed_units: string[];
  /** In the canonical unit. */
  minimum_plausible: number | null;
  maximum_plausible: number | null;
  is_calculated: boolean;
}

/** A value of a metric, or an estimated one-repetition maximum of an exercise, to be reached by a day. */
export interface GoalRow extends Row {
  metric_id: string | null;
  exercise_id: string | null;
  target_value: number;
  target_unit: string;
  start_date: string;
  target_date: string;
  goal_notes: string | null;
}

/** What somebody said of a session. */
export interface CommentRow extends Row {
  user_workout_session_id: string;
  comment_text: string;
  created_by: string;
  created_at: string;
}
