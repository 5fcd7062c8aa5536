import { expect, it } from 'vitest';
import { bandPath, dayNumber, dayOfNumber, linear, linePath, nearest, niceTicks, timeTicks } from '../src/charts/scale';

it.each([
  [[97.5, 112], [95, 100, 105, 110, 115]],
  [[0, 0.31], [0, 0.1, 0.2, 0.3, 0.4]],
  [[1240, 9860], [0, 2000, 4000, 6000, 8000, 10000]],
  [[-3, 4], [-4, -2, 0, 2, 4]],
])('has round ticks around %j', (values, ticks) => {
  expect(niceTicks(values, 4)).toEqual(ticks);
});

it('has room about a value that never changes, and none below nothing', () => {
  for (const value of [80, 0.2, 0, -5, 12345]) {
    const ticks = niceTicks([value, value]);
    expect(ticks[0]!).toBeLessThanOrEqual(value);
    expect(ticks.at(-1)!).toBeGreaterThan(value);
    if (value >= 0) expect(ticks[0]!).toBeGreaterThanOrEqual(0);
  }
  expect(niceTicks([])).toEqual([0, 1]);
  expect(niceTicks([40, 90], 4, true)[0]).toBe(0);
});

it('goes through values at random and keeps them between the first and the last tick', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let n = 0; n < 500; n++) {
    const values = Array.from({ length: 1 + Math.floor(random() * 9) }, () => (random() - 0.3) * 10 ** Math.floor(random() * 7 - 2));
    const ticks = niceTicks(values, 4);
    expect(ticks[0]!).toBeLessThanOrEqual(Math.min(...values));
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(Math.max(...values));
    expect(ticks.length).toBeLessThanOrEqual(9);
  }
});

it('reckons with days as with numbers', () => {
  expect(dayOfNumber(dayNumber('2024-02-29') + 1)).toBe('2024-03-01');
  expect(dayNumber('1970-01-02')).toBe(1);
});

it('marks Mondays, months or years, never more than there is room for', () => {
  const days = (from: string, to: string, most: number): string[] => timeTicks(dayNumber(from), dayNumber(to), most).map(({ at }) => dayOfNumber(at));
  expect(days('2026-10-26', '2026-11-22', 5)).toEqual(['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16']);
  expect(days('2025-11-23', '2026-11-22', 5)).toEqual(['2026-01-01', '2026-04-01', '2026-07-01', '2026-10-01']);
  expect(days('2016-11-23', '2026-11-22', 6)).toEqual(['2018-01-01', '2020-01-01', '2022-01-01', '2024-01-01', '2026-01-01']);
  expect(timeTicks(dayNumber('2025-11-23'), dayNumber('2026-11-22'), 5)[0]!.of).toBe('year');
  for (const length of [1, 6, 27, 84, 364, 1500, 4000]) expect(timeTicks(20000, 20000 + length, 5).length).toBeLessThanOrEqual(6);
});

it('draws a line that is broken where nothing was done', () => {
  const [x, y] = [linear([0, 10], [0, 100]), linear([0, 10], [100, 0])];
  const points = [{ x: 0, y: 1 }, { x: 1, y: 2 }, { x: 2, y: null }, { x: 3, y: 4 }, { x: 9, y: 5 }];
  expect(linePath(points, x, y)).toBe('M0 90L10 80M30 60L90 50');
  expect(linePath(points, x, y, 5)).toBe('M0 90L10 80M30 60M90 50');
  expect(bandPath([{ x: 0, low: 1, high: 2 }, { x: 10, low: 3, high: 4 }], x, y)).toBe('M0 80L100 60L100 70L0 90Z');
  expect(bandPath([], x, y)).toBe('');
  expect(linear([3, 3], [0, 10])(3)).toBe(5);
});

it('finds the nearest point', () => {
  expect([-5, 0, 1.4, 1.6, 5, 99].map((to) => nearest([0, 1, 2, 9], to))).toEqual([0, 0, 1, 2, 2, 3]);
  expect(nearest([], 1)).toBe(-1);
});
