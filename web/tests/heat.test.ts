import { describe, expect, it } from 'vitest';
import { bandsOf, dayAfterKey, mondaysOf, shadeOf, thresholdsOf } from '../src/progress-load/heat';

describe('the map of a year', () => {
  it('has every week that holds a day of it', () => {
    // 2024 is a leap year that begins on a Monday, 2000 one that begins on a Saturday, 2012 one that begins on a Sunday.
    expect([mondaysOf(2024)[0], mondaysOf(2024).at(-1), mondaysOf(2024).length]).toEqual(['2024-01-01', '2024-12-30', 53]);
    expect([mondaysOf(2026)[0], mondaysOf(2026).at(-1), mondaysOf(2026).length]).toEqual(['2025-12-29', '2026-12-28', 53]);
    expect(mondaysOf(2012).length).toBe(54);
  });

  it('is broken into bands without losing a week', () => {
    for (const bands of [1, 2, 3]) {
      const made = bandsOf(mondaysOf(2012), bands);
      expect(made.length).toBe(bands);
      expect(made.flat()).toEqual(mondaysOf(2012));
      expect(Math.max(...made.map((band) => band.length))).toBe(made[0]!.length);
    }
  });

  it('shades an ordinary day alike, a hard one darker and a light one lighter, from round numbers on', () => {
    const starts = thresholdsOf([0, 8, 15, 15, 16, 17, 17, 24, 0]);
    expect(starts).toEqual([5, 10, 20]);
    expect([0, 3, 8, 15, 17, 24].map((value) => shadeOf(value, starts))).toEqual([0, 1, 2, 3, 3, 4]);
    expect(thresholdsOf([8800])).toEqual([3000, 6000, 12000]);
  });

  it('shades an ordinary day in the third of four shades, whatever is ordinary', () => {
    for (let ordinary = 2; ordinary < 30000; ordinary = Math.ceil(ordinary * 1.07)) expect(shadeOf(ordinary, thresholdsOf([ordinary]))).toBe(3);
  });

  it('shades nothing as nothing', () => {
    expect(thresholdsOf([0, 0])).toEqual([]);
    expect(shadeOf(0, [])).toBe(0);
    expect(shadeOf(1, thresholdsOf([1]))).toBe(2);
  });

  it('is gone through with the keys and not left', () => {
    expect(dayAfterKey('2026-03-10', 'ArrowRight', 2026)).toBe('2026-03-17');
    expect(dayAfterKey('2026-03-10', 'ArrowUp', 2026)).toBe('2026-03-09');
    expect(dayAfterKey('2026-01-03', 'ArrowLeft', 2026)).toBe('2026-01-01');
    expect(dayAfterKey('2026-12-30', 'PageDown', 2026)).toBe('2026-12-31');
    expect(dayAfterKey('2026-12-30', 'Home', 2026)).toBe('2026-01-01');
    expect(dayAfterKey('2026-12-30', 'a', 2026)).toBe(null);
  });
});
