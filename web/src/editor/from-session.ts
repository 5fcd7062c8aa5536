/** A workout from what was trained: the sets that were done are what it asks. */
import { uuid7 } from '../domain/ids';
import type { Entry } from '../store/reading';
import type { SetRow } from '../store/rows';
import { usual, type Instruction } from './draft';
import { NOTHING, type Asked, type SetTarget } from './line';

// As many as the server takes of one exercise.
const MOST_SETS = 100;

const same = <T>(all: T[]): T | null => (all.length && all.every((each) => each === all[0]) ? all[0]! : null);

/**
 * What sets that were done ask of the next time. All alike they are so many sets of so many; otherwise each is asked by itself. A weight is
 * asked where it was the same in every working set, as it is asked of all sets alike: warm-ups of another one are left out then. Where working
 * sets differ in weight none is asked: the last time's stand beside the sets anyway, each at its own.
 */
export function askedFrom(sets: readonly SetRow[], rest_seconds: number | null): Asked {
  const weighed = (set: SetRow): string => (set.weight === null ? '' : `${set.weight} ${set.weight_unit}`);
  const shared = same(sets.filter((set) => set.kind !== 'WARMUP').map(weighed));
  const done = (shared ? sets.filter((set) => weighed(set) === shared) : sets).slice(0, MOST_SETS);
  const plain = done.every((set) => set.kind === 'WORKING') && done.every((set) => set.reps === done[0]!.reps && set.duration_seconds === done[0]!.duration_seconds);
  const weight = same(done.map(weighed)) ? done[0]! : null;
  const base: Asked = {
    ...NOTHING, rest_seconds, sets: done.length, distance_m: same(done.map((set) => set.distance_m)), weight: weight?.weight ?? null, weight_unit: weight?.weight_unit ?? null,
  };
  if (!plain) return { ...base, set_targets: done.map(targetFrom) };
  const { reps_min, reps_max, duration_seconds } = targetFrom(done[0]!);
  return { ...base, reps_min: reps_min ?? null, reps_max: reps_max ?? null, duration_seconds: duration_seconds ?? null };
}

// Zero repetitions were tried, not asked.
const targetFrom = ({ kind, reps, duration_seconds }: SetRow): SetTarget => ({
  kind, reps_min: reps || null, reps_max: kind === 'AMRAP' ? null : reps || null, percent: null, rpe: null, duration_seconds,
});

/** The exercises of a session as a workout's. `rests`: how long (seconds) the athlete made the rest after each of them, if ever said. */
export function instructionsFrom(entries: readonly Entry[], rests: readonly (number | null)[], unknown: string): Instruction[] {
  const grouped = new Map<number, number>();
  for (const { instruction } of entries) if (instruction?.group_number) grouped.set(instruction.group_number, (grouped.get(instruction.group_number) ?? 0) + 1);
  return entries.map(({ exercise_id, exercise, instruction, prescription, sets }, place) => {
    const tracks = exercise?.tracks ?? 'REPS_WEIGHT';
    const rest = rests[place] ?? instruction?.rest_seconds ?? prescription?.rest_seconds ?? usual(tracks).rest_seconds ?? null;
    const group = instruction?.group_number ?? null;
    // What was a superset of which one exercise was left out is none.
    const group_number = group !== null && (grouped.get(group) ?? 0) > 1 ? group : null;
    return {
      id: uuid7(), exercise_id, exercise_name: exercise?.exercise_name ?? unknown, tracks, load: exercise?.load ?? 'EXTERNAL', asked: { ...askedFrom(sets, rest), group_number },
      notes: instruction?.instruction_notes ?? '',
    };
  });
}
