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

/**
 * Where the second shade and those after it begin: at a round number, twice and four times that, so that an ordinary day has the third,
 * a hard one the fourth and a light one the second. Quarters of the days would tell days apart that are nearly the same.
 */
export function thresholdsOf(values: readonly number[]): number[] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const ordinary = sorted[Math.floor(sorted.length / 2)]!;
  const start = Math.max(1, roundBelow(ordinary / 2));
  return [start, 2 * start, 4 * start];
}

/** The greatest of 1, 2, 3 and 5 times a power of ten that is no greater. */
function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([5, 3, 2].find((each) => each * power <= value) ?? 1);
}

/** The shade of a value: 0 for nothing, else 1 to 4. */
export const shadeOf = (value: number, thresholds: readonly number[]): number => (value > 0 ? 1 + thresholds.filter((start) => value >= start).length : 0);

/** Where a key leads on the map, a column being a week; null where it means nothing here. */
export function dayAfterKey(from: string, key: string, year: number): string | null {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`];
  const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7, PageUp: -28, PageDown: 28 };
  const to = key === 'Home' ? first : key === 'End' ? last : key in steps ? addDays(from, steps[key]!) : null;
  return to && (to < first ? first : to > last ? last : to);
}
