/** Which number tells an exercise's progress best: the estimated maximum where there is one, else what its best set of the day had. */
import { dayNumber, type Point } from '../charts/scale';
import type { Answer } from '../store/reports';

type Exercise = Answer<'progress/exercises/{exercise_id}'>;
type DoneSet = Exercise['sessions'][number]['sets'][number];
export type Measure = 'e1rm' | 'distance_m' | 'duration_seconds' | 'reps';

export interface Trend {
  measure: Measure;
  /** A point a day. */
  points: Point[];
  /** The server's smoothed line; of an estimated maximum only. */
  smoothed: Point[];
  /** Where a record was set, of the days shown. */
  records: Point[];
}

const RECORD: Record<Measure, string> = { e1rm: 'BEST_E1RM', distance_m: 'FURTHEST', duration_seconds: 'LONGEST', reps: '' };

export function trendOf({ days, sessions, records, records_broken, from }: Exercise): Trend {
  const sets = new Map(sessions.flatMap((session) => session.sets.map((set) => [set.set_id, set])));
  const bestOf = (id: string | null): DoneSet | undefined => (id === null ? undefined : sets.get(id));
  // Of a period without any, by what its records are of.
  const told = (name: Measure): boolean =>
    days.length ? days.some((each) => (name === 'e1rm' ? each.e1rm !== null : bestOf(each.best_set_id)?.[name])) : records.some((each) => each.kind === RECORD[name]);
  const measure = (['e1rm', 'distance_m', 'duration_seconds', 'reps'] as const).find(told) ?? 'reps';
  const valueOf = (each: Exercise['days'][number]): number | null => (measure === 'e1rm' ? each.e1rm : (bestOf(each.best_set_id)?.[measure] ?? null));
  const points = days.map((each) => ({ x: dayNumber(each.day), y: valueOf(each) })).filter((point) => point.y !== null);
  const smoothed = measure === 'e1rm' ? days.map((each) => ({ x: dayNumber(each.day), y: each.e1rm_smoothed })).filter((point) => point.y !== null) : [];
  // Broken twice on one day: the better one stands on the chart.
  const broken = new Map(records_broken.filter((each) => each.kind === RECORD[measure] && each.day >= from).map((each) => [each.day, each.value]));
  return { measure, points, smoothed, records: [...broken].map(([day, y]) => ({ x: dayNumber(day), y })) };
}
