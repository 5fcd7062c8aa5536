import { expect, it } from 'vitest';
import { levelOf, MUSCLES, stepOf } from '../src/progress/body';
import { buckets, byFor } from '../src/progress/buckets';
import { trendOf } from '../src/progress/trend';
import { changeText } from '../src/progress/values';
import en from '../src/i18n/en.json';

it('shades in five steps up to the most there is', () => {
  for (const most of [0.5, 1, 4, 9.5, 12, 37, 152.5, 1000, 135461.25]) {
    const step = stepOf(most);
    expect(step * 5).toBeGreaterThanOrEqual(most * 0.999);
    expect(levelOf(most, step)).toBeGreaterThanOrEqual(4);
    expect(levelOf(most, step)).toBeLessThanOrEqual(5);
  }
  expect([0, 0.5, 10, 10.5, 50].map((sets) => levelOf(sets, 10))).toEqual([0, 1, 1, 2, 5]);
});

it('draws every muscle that has a place, and knows its name', () => {
  const drawn = new Set([...Object.keys(MUSCLES.front), ...Object.keys(MUSCLES.back)]);
  const named = Object.keys(en).filter((key) => key.startsWith('muscle.')).map((key) => key.slice(7));
  expect(named.filter((muscle) => !drawn.has(muscle))).toEqual(['CARDIO', 'FULL_BODY']);
  expect([...drawn].filter((muscle) => !named.includes(muscle))).toEqual([]);
});

it('draws long times by week and by month', () => {
  const days = ['2025-12-31', '2026-01-01', '2026-01-04', '2026-01-05', '2026-02-28'].map((day, place) => ({ day, value: 10 ** place }));
  expect(buckets(days, 'week').map(({ day, sum }) => [day, sum])).toEqual([['2025-12-29', 111], ['2026-01-05', 1000], ['2026-02-23', 10000]]);
  expect(buckets(days, 'month').map(({ day, sum }) => [day, sum])).toEqual([['2025-12-01', 1], ['2026-01-01', 1110], ['2026-02-01', 10000]]);
  expect([28, 84, 365, 4000].map(byFor)).toEqual(['day', 'week', 'week', 'month']);
});

it('says more and less in words', () => {
  expect(changeText(3, String)).toEqual({ arrow: '↑', words: '3 more' });
  expect(changeText(-3, String)).toEqual({ arrow: '↓', words: '3 less' });
  expect(changeText(0, String)).toEqual({ arrow: '=', words: 'as before' });
});

it('follows what an exercise is measured by', () => {
  const set = { set_id: 'a', reps: null, duration_seconds: 97, distance_m: null };
  const plank = {
    from: '2026-01-01', days: [{ day: '2026-01-05', best_set_id: 'a', e1rm: null, e1rm_smoothed: null }], sessions: [{ sets: [set] }],
    records: [{ kind: 'LONGEST' }], records_broken: [{ kind: 'LONGEST', day: '2025-12-31', value: 90 }, { kind: 'LONGEST', day: '2026-01-05', value: 97 }],
  } as never;
  const trend = trendOf(plank);
  expect(trend.measure).toBe('duration_seconds');
  expect(trend.points).toEqual([{ x: 20458, y: 97 }]);
  expect(trend.records).toEqual([{ x: 20458, y: 97 }]);
  expect(trendOf({ ...(plank as object), days: [], sessions: [] } as never)).toMatchObject({ measure: 'duration_seconds', points: [] });
});
