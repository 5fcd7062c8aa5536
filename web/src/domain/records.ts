import { e1rm } from './strength';

/** What counts of a set for records. */
export interface Lifted {
  reps: number | null;
  weight_kg: number | null;
  load: string;
  kind: string;
  rpe: number | null;
  duration_seconds: number | null;
  distance_m: number | null;
}

export type RecordKind = 'HEAVIEST_WEIGHT' | 'BEST_E1RM' | 'MOST_REPS_AT_WEIGHT' | 'LONGEST' | 'FURTHEST';

/** A record: weights in kg, durations in seconds, distances in metres; `at_kg` is the weight of most repetitions. */
export interface Broken {
  kind: RecordKind;
  value: number;
  before: number;
  at_kg?: number;
}

type Best = 'HEAVIEST_WEIGHT' | 'BEST_E1RM' | 'LONGEST' | 'FURTHEST';

/** To the gram, as the server has it. */
const grams = (kg: number | null): number | null => (kg === null ? null : Math.round(kg * 1000) / 1000);

/**
 * The bests of one exercise so far, by the rules of the server (training/rules.py): no warm-ups, no help; the first set ever breaks nothing,
 * and most repetitions needs the same weight before and as many at no heavier one.
 */
export class Bests {
  readonly #best = new Map<Best, number>();
  readonly #repsAt = new Map<number, number>();

  /** `whole`: whether all that came before is known. Else nothing is said to be broken. */
  constructor(readonly whole = true) {}

  /** Counts a set in and answers what it broke. */
  take(set: Lifted): Broken[] {
    if (set.kind === 'WARMUP' || set.load === 'ASSISTED') return [];
    const broken: Broken[] = [];
    const beat = (kind: Best, value: number | null): void => {
      const before = this.#best.get(kind);
      if (!value || (before !== undefined && value <= before)) return;
      this.#best.set(kind, value);
      if (before !== undefined) broken.push({ kind, value, before });
    };
    const weight = grams(set.weight_kg) ?? 0;
    beat('HEAVIEST_WEIGHT', set.reps ? weight : null);
    beat('BEST_E1RM', grams(e1rm(set.weight_kg, set.reps, set.rpe)));
    beat('LONGEST', set.duration_seconds);
    beat('FURTHEST', set.distance_m);
    if (set.reps) {
      const before = Math.max(0, ...[...this.#repsAt].filter(([at]) => at >= weight).map(([, reps]) => reps));
      const had = this.#repsAt.get(weight);
      if (had !== undefined && set.reps > before) broken.push({ kind: 'MOST_REPS_AT_WEIGHT', value: set.reps, before, at_kg: weight });
      this.#repsAt.set(weight, Math.max(set.reps, had ?? 0));
    }
    return broken;
  }

  copy(): Bests {
    const made = new Bests(this.whole);
    for (const [kind, value] of this.#best) made.#best.set(kind, value);
    for (const [at, reps] of this.#repsAt) made.#repsAt.set(at, reps);
    return made;
  }
}

/** The records that sets broke, one after the other, by the place of the set; what a later set of them beat again is told once, by the last. */
export function brokenBy(before: Bests, sets: Lifted[]): { place: number; records: Broken[] }[] {
  if (!before.whole) return [];
  const bests = before.copy();
  const last = new Map<string, { place: number; record: Broken }>();
  sets.forEach((set, place) => {
    for (const record of bests.take(set)) {
      const key = record.kind + (record.at_kg ?? '');
      const first = last.get(key);
      last.set(key, { place, record: first ? { ...record, before: first.record.before } : record });
    }
  });
  const places = [...new Set([...last.values()].map((each) => each.place))].sort((a, b) => a - b);
  return places.map((place) => ({ place, records: [...last.values()].filter((each) => each.place === place).map((each) => each.record) }));
}
