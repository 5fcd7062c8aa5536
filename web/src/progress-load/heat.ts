/** The days of a year as a map: a column for each ISO week, broken into bands where it is too long for the screen. */
import { addDays, mondayOf } from '../domain/days';

/** Mondays of the weeks that hold a day of the year, first to last: 52 to 54 of them. */
export function mondaysOf(year: number): string[] {
  const found: string[] = [];
  for (let monday = mondayOf(`${year}-01-01`); monday <= `${year}-12-31`; monday = addDays(monday, 7)) found.push(monday);
  return found;
}

/** Weeks in so many bands one under the other, as equal as they can be, none longer than the first. */
export function bandsOf<T>(weeks: readonly T[], bands: number): T[][] {
  const length = Math.ceil(weeks.length / bands);
  return Array.from({ length: bands }, (_, place) => weeks.slice(place * length, (place + 1) * length));
}

/** How many shades there are beside that of a day without training. */
export const SHADES = 4;

/** Where each shade begins: at quarters of the days that have anything, so that an ordinary day looks ordinary and a hard one hard. */
export function thresholdsOf(values: readonly number[]): number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const starts = Array.from({ length: SHADES }, (_, quarter) => sorted[Math.floor((quarter * sorted.length) / SHADES)]!);
  return [...new Set(starts)];
}

/** The shade of a value: 0 for nothing, else up to SHADES. Few different values take the darker ones. */
export function shadeOf(value: number, thresholds: readonly number[]): number {
  if (value <= 0 || !thresholds.length) return 0;
  const passed = thresholds.filter((start) => value >= start).length;
  return SHADES - thresholds.length + Math.max(1, passed);
}

/** Where a key leads on the map, a column being a week; null where it means nothing here. */
export function dayAfterKey(from: string, key: string, year: number): string | null {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7, PageUp: -28, PageDown: 28 };
  const to = key === 'Home' ? first : key === 'End' ? last : key in steps ? addDays(from, steps[key]!) : null;
  return to && (to < first ? first : to > last ? last : to);
}
