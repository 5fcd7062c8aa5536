/** The days of a long time are drawn by week or month, as many bars as can be told apart. */
import { dayNumber } from '../charts/scale';
import { mondayOf } from '../domain/days';

export type By = 'day' | 'week' | 'month';

export const byFor = (days: number): By => (days <= 31 ? 'day' : days <= 750 ? 'week' : 'month');
/** How many days a bar is wide. */
export const SPAN: Record<By, number> = { day: 1, week: 7, month: 30 };

const begins: Record<By, (day: string) => string> = { day: (day) => day, week: mondayOf, month: (day) => `${day.slice(0, 7)}-01` };

export interface Bucket {
  /** Its first day. */
  day: string;
  x: number;
  sum: number;
}

/** Sums by day, week or month, without those in which nothing was. */
export function buckets(days: readonly { day: string; value: number }[], by: By): Bucket[] {
  const sums = new Map<string, number>();
  for (const { day, value } of days) sums.set(begins[by](day), (sums.get(begins[by](day)) ?? 0) + value);
  return [...sums].map(([day, sum]) => ({ day, x: dayNumber(day), sum }));
}
