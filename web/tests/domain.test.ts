import { describe, expect, it } from 'vitest';
import { addDays, dayAskedFor, dayOf, mondayOf } from '../src/domain/days';
import { uuid7 } from '../src/domain/ids';
import { platesFor, USUAL } from '../src/domain/plates';
import { e1rm, volumeKg } from '../src/domain/strength';
import { fromKg, readable, toKg } from '../src/domain/units';

describe('units', () => {
  it('converts exactly as the server does', () => {
    expect(toKg(225, 'lb')).toBe(225 * 0.45359237);
    expect(toKg(100, 'kg')).toBe(100);
    expect(fromKg(toKg(225, 'lb'), 'lb')).toBeCloseTo(225, 10);
    expect(readable(0.1 + 0.2)).toBe(0.3);
  });
});

describe('plates', () => {
  it('loads the heaviest first', () => {
    expect(platesFor(100, USUAL.kg)).toEqual({ side: [25, 15], missing: 0 });
    expect(platesFor(22.5, USUAL.kg)).toEqual({ side: [1.25], missing: 0 });
    expect(platesFor(225, USUAL.lb)).toEqual({ side: [45, 45], missing: 0 });
  });
  it('says what cannot be loaded', () => {
    expect(platesFor(61, USUAL.kg)).toEqual({ side: [20], missing: 1 });
    expect(platesFor(15, USUAL.kg).side).toEqual([]);
  });
});

describe('e1RM', () => {
  it('is Epley, repetitions in reserve counted in', () => {
    expect(e1rm(100, 10)).toBeCloseTo(133.33, 2);
    expect(e1rm(100, 5, 8)).toBeCloseTo(100 * (1 + 7 / 30), 10);
    expect(e1rm(100, 1)).toBeCloseTo(103.33, 2);
  });
  it('is for 1 to 12 repetitions of a weight', () => {
    expect(e1rm(100, 12)).not.toBeNull();
    expect(e1rm(100, 13)).toBeNull();
    expect(e1rm(100, 12, 9)).toBeNull();
    expect(e1rm(100, 0)).toBeNull();
    expect(e1rm(null, 5)).toBeNull();
  });
});

describe('volume', () => {
  it('is reps times kilograms, without what assists', () => {
    const set = (load: string, reps: number | null, weight_kg: number | null) => ({ load, reps, weight_kg });
    expect(volumeKg([set('EXTERNAL', 5, 100), set('ADDED', 10, 20), set('ASSISTED', 8, 30), set('BODYWEIGHT', 12, null), set('EXTERNAL', null, 60)])).toBe(700);
  });
});

describe('days', () => {
  it("are the athlete's own", () => {
    expect(dayOf('2026-03-01T11:30:00Z', 'Pacific/Kiritimati')).toBe('2026-03-02');
    expect(dayOf('2026-03-01T10:30:00Z', 'Pacific/Pago_Pago')).toBe('2026-02-28');
  });
  it('go over months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
    expect(mondayOf('2026-11-22')).toBe('2026-11-16');
    expect(mondayOf('2026-11-16')).toBe('2026-11-16');
  });
});

describe('ids', () => {
  it('are UUIDs of version 7, in order', () => {
    expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid7(1000) < uuid7(1001)).toBe(true);
    expect(parseInt(uuid7(1763800000000).replace('-', '').slice(0, 12), 16)).toBe(1763800000000);
  });
});

describe('the day an address asks for', () => {
  it.each([
    ['?day=2026-03-04', '2026-03-04'], ['?year=2026&day=2024-02-29', '2024-02-29'], ['?day=2026-02-30', null], ['?day=2026-13-01', null], ['?day=tomorrow', null], ['?day=', null],
    ['', null], ['?day=2026-3-4', null],
  ])('%s: %s', (search, asked) => expect(dayAskedFor(search)).toBe(asked));
});
