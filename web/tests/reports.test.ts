import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { account } from '../src/store/account.svelte';
import { openStore, store } from '../src/store/db';
import { keyOf, readReport, refreshReport } from '../src/store/reports';
import { Unreachable } from '../src/sync/http';

const USER = '0190d1c0-0000-7000-8000-000000000001';
let asked: string[] = [];

beforeEach(async () => {
  asked = [];
  openStore(USER);
  account.user = { id: USER, time_zone: 'Pacific/Kiritimati', weight_unit: 'kg' } as never;
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T11:30:00Z') });
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await store().reports.clear();
});

const answering = (body: unknown, status = 200): void => {
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(body), { status });
  });
};

it('keeps what the server said, with the place up to which the device had heard', async () => {
  answering({ sessions: 3 });
  await store().meta.put({ key: 'place', value: { since: 41, mark: null } });
  await refreshReport('progress/summary', { days: 28 });
  // In Kiritimati it is already the second of March.
  expect(asked).toEqual([`/api/v1/athletes/${USER}/progress/summary?from=2026-02-03`]);
  expect(await readReport(keyOf('progress/summary', { days: 28 }))).toMatchObject({ body: { sessions: 3 }, head: 41, read_at: Date.now() });
});

it('finds it again on another day, and another period is another report', async () => {
  answering({});
  await refreshReport('progress/volume', { days: 84, query: { by: 'week' } });
  vi.setSystemTime(new Date('2026-03-04T11:30:00Z'));
  expect(await readReport(keyOf('progress/volume', { days: 84, query: { by: 'week' } }))).toBeDefined();
  expect(await readReport(keyOf('progress/volume', { days: 28, query: { by: 'week' } }))).toBeUndefined();
});

it('keeps what it had where there is no connection', async () => {
  answering({ sessions: 3 });
  await refreshReport('progress/summary', {});
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')));
  await expect(refreshReport('progress/summary', {})).rejects.toThrow(Unreachable);
  expect((await readReport('progress/summary'))?.body).toEqual({ sessions: 3 });
});

it('keeps at most two hundred, the newest', async () => {
  answering({});
  const row = { body: {}, etag: null, head: 0 };
  await store().reports.bulkPut(Array.from({ length: 200 }, (_, n) => ({ ...row, key: `old${n}`, read_at: n })));
  await refreshReport('progress/exercises/{exercise_id}', { path: { exercise_id: 'a/b' } });
  expect(await store().reports.count()).toBe(200);
  expect(await readReport('old0')).toBeUndefined();
  expect(asked[0]).toContain('/progress/exercises/a%2Fb');
  expect(await readReport(keyOf('progress/exercises/{exercise_id}', { path: { exercise_id: 'a/b' } }))).toBeDefined();
});
