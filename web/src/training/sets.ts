import { targetsOf } from '../domain/targets';
import { fromKg, readable, toKg, type WeightUnit } from '../domain/units';
import { clock, number, t, weight } from '../i18n';
import type { Entry } from '../store/reading';
import type { ExerciseRow, SetKind, SetLoad, SetRow, SetTarget } from '../store/rows';

/** What is asked for of a set of an exercise. */
export interface Asks {
  reps: boolean;
  weight: boolean;
  duration: boolean;
  distance: boolean;
}

/** By what the exercise tracks; the body alone has no weight. */
export function asksFor(exercise: ExerciseRow | undefined, load: SetLoad): Asks {
  const tracks = exercise?.tracks ?? 'REPS_WEIGHT';
  return {
    reps: tracks.startsWith('REPS'),
    weight: load !== 'BODYWEIGHT' && (tracks.includes('WEIGHT') || load !== 'EXTERNAL'),
    duration: tracks.includes('DURATION'),
    distance: tracks.includes('DISTANCE'),
  };
}

/** What the weight of an exercise can mean: on the body it is the athlete's to say each time. */
export const loadsOf = (exercise: ExerciseRow | undefined): SetLoad[] =>
  exercise?.tracks.startsWith('REPS') && (exercise.load === 'BODYWEIGHT' || exercise.load === 'ADDED') ? ['BODYWEIGHT', 'ADDED', 'ASSISTED'] : [exercise?.load ?? 'EXTERNAL'];

export const isWarmup = (set: { kind: SetKind }): boolean => set.kind === 'WARMUP';
export const isWork = (set: { kind: SetKind }): boolean => !isWarmup(set);

/** One line of the table of an exercise. */
export interface Line {
  key: string;
  /** The number of a working set; warm-ups have none. */
  number: number | null;
  kind: SetKind;
  state: 'done' | 'up' | 'ahead';
  set: SetRow | null;
  last: SetRow | null;
  target: SetTarget | null;
}

/** The sets of an exercise as lines: done, up next, and still ahead; beside each the target and the last time's set of its kind and number. */
export function linesOf(entry: Entry, last: SetRow[]): Line[] {
  const targets = targetsOf(entry.instruction, entry.prescription);
  const lines: Line[] = [];
  const count = { warmup: 0, work: 0 };
  const add = (kind: SetKind, state: Line['state'], set: SetRow | null): void => {
    const alike = kind === 'WARMUP' ? isWarmup : isWork;
    const place = kind === 'WARMUP' ? count.warmup++ : count.work++;
    const target = targets.filter(alike)[place] ?? null;
    lines.push({ key: set?.id ?? `${state}${lines.length}`, number: kind === 'WARMUP' ? null : place + 1, kind, state, set, last: last.filter(alike)[place] ?? null, target });
  };
  for (const set of entry.sets) add(set.kind, 'done', set);
  const warmups = count.work ? [] : targets.filter(isWarmup).slice(count.warmup);
  const ahead = [...warmups, ...targets.filter(isWork).slice(count.work)].map((target) => target.kind);
  // Without a plan the last time is the guide, and there is always one more.
  if (!targets.length) ahead.push(...last.filter(isWork).slice(count.work).map(() => 'WORKING' as const));
  if (!targets.length && !ahead.length) ahead.push('WORKING');
  ahead.forEach((kind, place) => add(kind, place ? 'ahead' : 'up', null));
  return lines;
}

/** Whether all that was planned of an exercise is done. Without a plan that is the athlete's to say. */
export function isDone(entry: Entry): boolean {
  const planned = targetsOf(entry.instruction, entry.prescription).filter(isWork).length;
  return planned > 0 && entry.sets.filter(isWork).length >= planned;
}

export interface FirstValues {
  kind: SetKind;
  load: SetLoad;
  weight: number | null;
  reps: number | null;
  duration_seconds: number | null;
  distance_m: number | null;
}

/**
 * What the next set begins with. A weight that the plan changes from one set to the next is the plan's, else it is that of the set before, so
 * that what the athlete chose stays; where neither says anything it is as the last time.
 */
export function firstValues(entry: Entry, last: SetRow[], unit: WeightUnit): FirstValues {
  const line = linesOf(entry, last).find((each) => each.state !== 'done');
  const kind = line?.kind ?? 'WORKING';
  const alike = kind === 'WARMUP' ? isWarmup : isWork;
  const before = entry.sets.filter(alike).at(-1);
  const target = line?.target ?? null;
  const like = line?.last ?? last.filter(alike).at(-1) ?? null;
  const planned = targetsOf(entry.instruction, entry.prescription).filter(alike)[entry.sets.filter(alike).length - 1];
  const changes = target?.weight != null && target.weight !== planned?.weight;
  const reps = target ? between(like?.reps ?? null, target.reps_min, target.reps_max) : null;
  return {
    kind,
    load: before?.load ?? like?.load ?? loadsOf(entry.exercise)[0]!,
    weight: (changes ? inUnit(target, unit) : inUnit(before, unit)) ?? inUnit(target, unit) ?? inUnit(like, unit),
    reps: reps ?? before?.reps ?? like?.reps ?? 8,
    duration_seconds: target?.duration_seconds ?? before?.duration_seconds ?? like?.duration_seconds ?? 30,
    distance_m: target?.distance_m ?? before?.distance_m ?? like?.distance_m ?? 1000,
  };
}

/** The repetitions of the last time, held within what is asked. */
function between(last: number | null, min: number | null, max: number | null): number | null {
  if (min === null && max === null) return null;
  return Math.min(max ?? Infinity, Math.max(min ?? 0, last ?? min ?? max ?? 0));
}

export function inUnit(of: { weight: number | null; weight_unit: WeightUnit | null } | null | undefined, unit: WeightUnit): number | null {
  if (!of || of.weight === null || of.weight_unit === null) return null;
  return of.weight_unit === unit ? of.weight : readable(fromKg(toKg(of.weight, of.weight_unit), unit));
}

type Told = Partial<Pick<SetRow, 'reps' | 'weight' | 'weight_unit' | 'duration_seconds' | 'distance_m' | 'rpe' | 'load'>>;

const SIGNS: Partial<Record<SetLoad, string>> = { ADDED: '+', ASSISTED: '−' };

/** A distance in metres, or in kilometres from one on. */
export const distanceText = (metres: number): string => (metres >= 1000 ? `${number(metres / 1000)} km` : `${number(metres)} m`);

/** A set in words: "100 kg × 5 @ 8". With a unit given, weights in it go without: "100 × 5". */
export function setText(set: Told, unit?: WeightUnit): string {
  return text(set, set.reps == null ? null : String(set.reps), unit);
}

function text(set: Told, reps: string | null, unit?: WeightUnit): string {
  const weighed = set.weight != null && set.weight_unit != null;
  const shown = weighed ? `${SIGNS[set.load ?? 'EXTERNAL'] ?? ''}${set.weight_unit === unit ? number(set.weight!) : weight(set.weight!, set.weight_unit!)}` : null;
  const parts = [shown, reps === null ? null : weighed || unit ? reps : t('set.repsText', { reps })].filter((part) => part !== null);
  const rest = [set.distance_m == null ? null : distanceText(set.distance_m), set.duration_seconds == null ? null : clock(set.duration_seconds)].filter((part) => part !== null);
  const all = [parts.join(' × '), ...rest].filter(Boolean).join(' · ');
  return set.rpe == null ? all : `${all} @ ${number(set.rpe)}`;
}

/** What a set is to be, in words: "100 kg × 5–8", with a plus where it is as many as possible. */
export function targetText(target: SetTarget, load: SetLoad, unit?: WeightUnit): string {
  const { reps_min, reps_max } = target;
  const range = reps_min !== null && reps_max !== null && reps_min !== reps_max ? `${reps_min}–${reps_max}` : (reps_min ?? reps_max)?.toString() ?? null;
  return text({ ...target, load }, range !== null && target.kind === 'AMRAP' ? `${reps_min ?? range}+` : range, unit);
}
