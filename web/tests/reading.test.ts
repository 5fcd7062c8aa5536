import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, dayOf, mondayOf } from '../src/domain/days';
import { openStore, store } from '../src/store/db';
import { readStreak } from '../src/store/reading';
import type { SessionRow } from '../src/store/rows';

let number = 0;
const done = (history_at: string): SessionRow => ({ id: `s${++number}`, session_status: 'COMPLETED', history_at }) as SessionRow;
const at = (...moments: string[]) => store().user_workout_session.bulkPut(moments.map(done));

beforeEach(async () => {
  openStore(`reader-${++number}`);
});

describe('the streak', () => {
  it('is one of weeks that the running week does not break', async () => {
    await at('2026-11-03T10:00:00Z', '2026-11-10T10:00:00Z', '2026-11-12T10:00:00Z');
    expect(await readStreak('UTC', '2026-11-17')).toBe(2);
    await at('2026-11-16T10:00:00Z');
    expect(await readStreak('UTC', '2026-11-17')).toBe(3);
    expect(await readStreak('UTC', '2026-11-30')).toBe(0);
  });

  it('is none without training', async () => {
    expect(await readStreak('UTC', '2026-11-17')).toBe(0);
  });

  it("has weeks that begin on the athlete's own Monday", async () => {
    // A Sunday in UTC, and a Monday already on Kiritimati.
    await at('2026-11-15T11:00:00Z');
    expect(await readStreak('Pacific/Kiritimati', '2026-11-17')).toBe(1);
    expect(await readStreak('Pacific/Kiritimati', '2026-11-24')).toBe(1);
    expect(await readStreak('UTC', '2026-11-24')).toBe(0);
  });

  // The same by the definition: all days, all weeks, counted backwards.
  function slowly(moments: string[], zone: string, today: string): number {
    const weeks = new Set(moments.map((moment) => mondayOf(dayOf(moment, zone))));
    let week = mondayOf(today);
    if (!weeks.has(week)) week = addDays(week, -7);
    let count = 0;
    for (; weeks.has(week); week = addDays(week, -7)) count++;
    return count;
  }

  it('is what counting all weeks gives, in any zone', async () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin', 'Asia/Kolkata']) {
      for (let round = 0; round < 8; round++) {
        openStore(`reader-${++number}`);
        const moments = Array.from({ length: 30 }, () => new Date(Date.UTC(2026, 10, 24) - random() * 120 * 86_400_000).toISOString());
        await at(...moments);
        const today = addDays('2026-11-10', Math.floor(random() * 14));
        expect(await readStreak(zone, today), `${zone} ${today} ${moments.join()}`).toBe(slowly(moments, zone, today));
      }
    }
  }, 60_000);
});
