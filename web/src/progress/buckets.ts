/** The days of a long time are drawn by week or month, as many bars as can be told apart. */
import { dayNumber } from '../charts/scale';
import { mondayOf } from '../domain/days';
import { day, t } from '../i18n';

export type By = 'day' | 'week' | 'month';

export const byFor = (days: number): By => (days <= 31 ? 'day' : days <= 750 ? 'week' : 'month');
/** How many days a bar is wide. */
export const SPAN: Record<By, number> = { day: 1, week: 7, month: 30 };

const begins: Record<By, (day: string) => string> = { day: (on) => on, week: mondayOf, month: (on) => `${on.slice(0, 7)}-01` };

export interface Bucket {
  /** Its first day. */
  day: string;
  x: number;
  sum: number;
}

/** The name of a bar that begins on a day, whole. */
export const bucketText = (by: By, first: string): string =>
  by === 'month' ? day(first, { month: 'long', year: 'numeric' })
  : by === 'week' ? t('progress.weekOf', { day: day(first, { day: 'numeric', month: 'short', year: 'numeric' }) })
  : day(first, { day: 'numeric', month: 'short', year: 'numeric' });

/** Sums by day, week or month, without those in which nothing was. */
export function buckets(days: readonly { day: string; value: number }[], by: By): Bucket[] {
  const sums = new Map<string, number>();
  for (const { day: on, value } of days) sums.set(begins[by](on), (sums.get(begins[by](on)) ?? 0) + value);
  return [...sums].map(([on, sum]) => ({ day: on, x: dayNumber(on), sum }));
}
