/** What a chart needs to reckon, without the page: round ticks, places, lines, and which point is nearest. Days count from 1970-01-01. */

const DAY_MS = 86_400_000;

/** A day (YYYY-MM-DD) as a number. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
/** The day of a number. */
export const dayOfNumber = (number: number): string => new Date(Math.round(number) * DAY_MS).toISOString().slice(0, 10);

export interface Scale {
  (value: number): number;
  domain: readonly [number, number];
}

/** From values to pixels. A domain without extent is drawn in the middle. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = domain;
  const at = (value: number): number => (high === low ? (range[0] + range[1]) / 2 : range[0] + ((value - low) / (high - low)) * (range[1] - range[0]));
  return Object.assign(at, { domain });
}

/** The step of 1, 2 or 5 times a power of ten that makes about so many parts. */
export function niceStep(extent: number, parts: number): number {
  const rough = extent / Math.max(1, parts);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (rough / power > 7 ? 10 : rough / power > 3.5 ? 5 : rough / power > 1.5 ? 2 : 1);
}

/** Round numbers from at most the least to at least the greatest of the values: the first and the last are the ends of the axis. */
export function niceTicks(values: readonly number[], parts = 4, fromZero = false): number[] {
  if (!values.length) return [0, 1];
  const [least, greatest] = [Math.min(...values, ...(fromZero ? [0] : [])), Math.max(...values, ...(fromZero ? [0] : []))];
  // All the same: room above and below.
  const extent = greatest - least || Math.abs(greatest) || 1;
  const step = niceStep(extent, parts);
  const [first, last] = greatest === least ? [Math.floor(least / step - 1), Math.ceil(greatest / step + 1)] : [Math.floor(least / step), Math.ceil(greatest / step)];
  const from = least >= 0 ? Math.max(0, first) : first;
  // From whole numbers of steps, so that no binary fraction adds up.
  return Array.from({ length: last - from + 1 }, (_, n) => Number(((from + n) * step).toPrecision(12)));
}

export interface TimeTick {
  at: number;
  /** What tells it from its neighbours. */
  of: 'day' | 'month' | 'year';
}

// A year's number needs less room than a date.
const YEARS_FOR_A_DATE = 1.5;
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120];

/** Mondays, firsts of months or of years between two days, at most so many. */
export function timeTicks(from: number, to: number, most: number): TimeTick[] {
  for (const step of [1, 7, 14]) {
    // Day 4 after 1970-01-01 was a Monday.
    const first = step === 1 ? from : from + ((((4 - from) % step) + step) % step);
    if ((to - first) / step + 1 <= most) return range(first, to, step).map((at) => ({ at, of: 'day' }));
  }
  const [year, month] = dayOfNumber(from).split('-').map(Number) as [number, number];
  const all = (year - 1970) * 12 + month - 1;
  const end = dayOfNumber(to).split('-').map(Number) as [number, number];
  const months = (end[0] - 1970) * 12 + end[1] - 1 - all;
  const step = MONTHS.find((each) => months / each <= (each < 12 ? most : most * YEARS_FOR_A_DATE)) ?? MONTHS.at(-1)!;
  return range(Math.ceil(all / step) * step, all + months, step)
    .map((n): TimeTick => ({ at: Date.UTC(1970, n, 1) / DAY_MS, of: n % 12 ? 'month' : 'year' }))
    .filter(({ at }) => at >= from);
}

const range = (from: number, to: number, step: number): number[] => Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, n) => from + n * step);

/** One point of a line; without a value the line is broken there. */
export interface Point {
  x: number;
  y: number | null;
}

/** The line through points as an SVG path, broken where a value is missing or the next point is further away than `gap`. */
export function linePath(points: readonly Point[], x: Scale, y: Scale, gap = Infinity): string {
  let path = '';
  let before: number | null = null;
  for (const point of points) {
    if (point.y === null) before = null;
    else {
      path += `${before === null || point.x - before > gap ? 'M' : 'L'}${tenth(x(point.x))} ${tenth(y(point.y))}`;
      before = point.x;
    }
  }
  return path;
}

export interface Interval {
  x: number;
  low: number;
  high: number;
}

/** What lies between two lines, as a closed path. */
export function bandPath(intervals: readonly Interval[], x: Scale, y: Scale): string {
  if (!intervals.length) return '';
  const along = (side: 'low' | 'high', of: readonly Interval[]): string => of.map((each) => `${tenth(x(each.x))} ${tenth(y(each[side]))}`).join('L');
  return `M${along('high', intervals)}L${along('low', intervals.toReversed())}Z`;
}

/** The place of the number nearest to one, in numbers that ascend; -1 where there are none. */
export function nearest(ascending: readonly number[], to: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < to) low = middle + 1;
    else high = middle;
  }
  return low > 0 && to - ascending[low - 1]! < ascending[low]! - to ? low - 1 : Math.min(low, ascending.length - 1);
}

const tenth = (pixels: number): number => Math.round(pixels * 10) / 10;
