import { fromKg, readable, type WeightUnit } from '../domain/units';
import { clock, number, t, weight } from '../i18n';
import type { Entry } from '../store/reading';
import type { ExerciseRow, SetLoad, SetRow } from '../store/rows';

/** What is asked for of a set of an exercise. */
export interface Asks {
  reps: boolean;
  weight: boolean;
  duration: boolean;
  distance: boolean;
  load: SetLoad;
}

/** By what the exercise tracks; a bodyweight movement takes added weight. */
export function asksFor(exercise: ExerciseRow | undefined): Asks {
  const tracks = exercise?.tracks ?? 'REPS_WEIGHT';
  const load = exercise?.load ?? 'EXTERNAL';
  return {
    reps: tracks.startsWith('REPS'),
    weight: tracks.includes('WEIGHT') || (tracks === 'REPS' && load === 'ADDED'),
    duration: tracks.includes('DURATION'),
    distance: tracks.includes('DISTANCE'),
    load,
  };
}

export interface FirstValues {
  weight: number | null;
  reps: number | null;
  duration_seconds: number | null;
  distance_m: number | null;
}

/** What the next set begins with: the last one of this session, else what the plan asks, else what was done the last time. */
export function firstValues(entry: Entry, unit: WeightUnit): FirstValues {
  const working = entry.sets.filter((set) => set.kind !== 'WARMUP');
  const last = entry.previous?.sets.filter((set) => set.kind !== 'WARMUP') ?? [];
  const like = working.at(-1) ?? last[Math.min(working.length, last.length - 1)];
  const asked = entry.instruction;
  return {
    weight: inUnit(working.length ? like : null, unit) ?? inUnit(asked, unit) ?? inUnit(like, unit),
    reps: (working.length ? like?.reps : null) ?? asked?.reps_min ?? like?.reps ?? 8,
    duration_seconds: asked?.duration_seconds ?? like?.duration_seconds ?? 30,
    distance_m: asked?.distance_m ?? like?.distance_m ?? 1000,
  };
}

function inUnit(of: { weight: number | null; weight_unit: WeightUnit | null } | null | undefined, unit: WeightUnit): number | null {
  if (!of || of.weight === null || of.weight_unit === null) return null;
  return of.weight_unit === unit ? of.weight : readable(fromKg(of.weight_unit === 'lb' ? of.weight * 0.45359237 : of.weight, unit));
}

type Told = Pick<SetRow, 'reps' | 'weight' | 'weight_unit' | 'duration_seconds' | 'distance_m' | 'rpe'> & { reps_min?: number | null };

/** A set in words: "100 kg × 5 @ 8". */
export function setText(set: Told): string {
  const reps = set.reps_min && set.reps_min !== set.reps ? `${set.reps_min}–${set.reps}` : set.reps;
  const parts = [
    set.weight !== null && set.weight_unit !== null ? weight(set.weight, set.weight_unit) : null,
    reps === null ? null : set.weight === null ? t('set.repsText', { reps: String(reps) }) : `${reps}`,
  ].filter((part) => part !== null);
  const rest = [
    set.distance_m === null ? null : `${number(set.distance_m)} m`,
    set.duration_seconds === null ? null : clock(set.duration_seconds),
  ].filter((part) => part !== null);
  const text = [parts.join(' × '), ...rest].filter(Boolean).join(' · ');
  return set.rpe === null ? text : `${text} @ ${number(set.rpe)}`;
}
