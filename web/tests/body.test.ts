import { readFileSync } from 'node:fs';
import Dexie from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuid7 } from '../src/domain/ids';
import { fromCanonical, isPlausible, symbolOf, toCanonical, UNITS } from '../src/domain/measures';
import { account } from '../src/store/account.svelte';
import { correctMeasurement, deleteMeasurement, enterMeasurement, readEntries, readLast, readMeasured, unitFor } from '../src/store/body';
import { openStore, store } from '../src/store/db';
import { changeGoal, deleteGoal, readGoals, setGoal } from '../src/store/goals';
import type { MeasurementRow, MetricRow } from '../src/store/rows';
import { poke, settled, startSync } from '../src/sync/engine';
import { Server } from './sync-model';

const WEIGHT = uuid7();
const metric: MetricRow = {
  id: WEIGHT, version: 1, slug: 'body-weight', metric_name: 'Body Weight', dimension: 'mass', canonical_unit: 'kg', allowed_units: ['kg', '[lb_av]'], minimum_plausible: 20,
  maximum_plausible: 350, is_calculated: false,
};
const entered = (measured_value: number, measurement_date = '2026-03-01', unit = 'kg') => ({ metric_id: WEIGHT, measured_value, unit, measurement_date, measurement_notes: null });

describe('units of measurements', () => {
  it('are those of the server, to the last digit', () => {
    const catalog = readFileSync('../src/reptrail/catalog/data/metrics.toml', 'utf8');
    const units = [...catalog.matchAll(/^"(.+)" = \{ symbol = "(.+)", dimension = ".+", factor = "(.+)" \}$/gm)];
    expect(units.length).toBeGreaterThan(10);
    expect(UNITS).toEqual(Object.fromEntries(units.map(([, code, symbol, factor]) => [code, { symbol, factor: Number(factor) }])));
  });

  it('are known by both spellings', () => {
    expect(toCanonical(180, '[lb_av]')).toBe(180 * 0.45359237);
    expect(toCanonical(180, 'lb')).toBe(180 * 0.45359237);
    expect(fromCanonical(86.36, '[in_i]')).toBeCloseTo(34, 10);
    expect([symbolOf('mm[Hg]'), symbolOf('cups')]).toEqual(['mmHg', 'cups']);
    expect([isPlausible(350, 'kg', metric), isPlausible(351, 'kg', metric), isPlausible(180, '[lb_av]', metric), isPlausible(40, '[lb_av]', metric)]).toEqual([true, false, true, false]);
  });
});

describe('measurements and goals on the device', () => {
  let server: Server;
  let userId: string;
  let end = (): void => undefined;

  beforeEach(async () => {
    userId = uuid7();
    server = new Server(userId);
    vi.stubGlobal('fetch', server.fetch);
    localStorage.setItem('renewed', String(Date.now()));
    account.signedOut = false;
    openStore(userId);
    await store().metric.put(metric);
    end = startSync(userId);
  });

  afterEach(async () => {
    end();
    await settled();
    vi.unstubAllGlobals();
    await Dexie.delete(`reptrail-${userId}`);
  });

  async function rounds(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      poke();
      await settled();
    }
  }
  const last = async (): Promise<MeasurementRow> => (await readLast(WEIGHT))!;

  it('shows a measurement at once and sends it once', async () => {
    server.fate = ['down', 'lost'];
    await enterMeasurement(entered(180, '2026-03-01', '[lb_av]'), false);
    expect(await readMeasured()).toMatchObject([{ metric, last: { measured_value: 180, canonical_value: 180 * 0.45359237, version: 0 } }]);
    await rounds();
    expect(server.live('user_measurement')).toMatchObject([{ metric_id: WEIGHT, measured_value: 180, unit: '[lb_av]', measurement_date: '2026-03-01' }]);
    expect(await store().outbox.count()).toBe(0);
  });

  it('lists the newest first, a page at a time', async () => {
    for (const [value, day] of [[80, '2026-03-01'], [82, '2026-03-03'], [81, '2026-03-02']] as const) await enterMeasurement(entered(value, day), false);
    const { rows, more } = await readEntries(WEIGHT, 2);
    expect([rows.map((row) => row.measured_value), more]).toEqual([[82, 81], true]);
    expect(unitFor(metric, await last())).toBe('kg');
  });

  it('tells only what was corrected, a value with its unit, and nothing where nothing was', async () => {
    await enterMeasurement(entered(80), false);
    await rounds();
    await correctMeasurement(await last(), entered(80), false);
    expect(await store().outbox.count()).toBe(0);
    server.fate = ['down'];
    await correctMeasurement(await last(), { ...entered(400), measurement_notes: 'with the bar' }, true);
    expect((await store().outbox.toArray()).map((op) => op.fields)).toEqual([{ measured_value: 400, unit: 'kg', measurement_notes: 'with the bar', confirm: true }]);
    expect(await last()).toMatchObject({ measured_value: 400, canonical_value: 400, measurement_date: '2026-03-01' });
    expect(await last()).not.toHaveProperty('confirm');
  });

  it('brings back what was deleted and not told yet, be it known to the server or not', async () => {
    await enterMeasurement(entered(80), false);
    await rounds();
    const undo = await deleteMeasurement(await last());
    await rounds();
    expect([(await readMeasured()).length, server.live('user_measurement').length]).toEqual([0, 1]);
    expect(await undo()).toBe(true);
    await rounds();
    expect([(await last()).measured_value, server.live('user_measurement').length, await store().outbox.count()]).toEqual([80, 1, 0]);

    server.fate = Array.from({ length: 20 }, () => 'down' as const);
    await enterMeasurement(entered(90, '2026-03-09'), false);
    await settled();
    const again = await deleteMeasurement(await last());
    expect((await last()).measured_value).toBe(80);
    expect(await again()).toBe(true);
    server.fate = [];
    await rounds();
    expect((await last()).measured_value).toBe(90);
    expect(server.live('user_measurement')).toHaveLength(2);
  });

  it('sets, changes and deletes a goal without a server, and the server hears of it', async () => {
    server.fate = ['down', 'down', 'down'];
    const aim = { metric_id: WEIGHT, exercise_id: null, target_value: 75, target_unit: 'kg', start_date: '2026-03-01', target_date: '2026-06-01', goal_notes: null };
    const id = await setGoal(aim);
    const other = await setGoal({ ...aim, target_date: '2026-05-01' });
    expect((await readGoals()).map(({ goal, name }) => [goal.id, name])).toEqual([[other, 'Body Weight'], [id, 'Body Weight']]);
    await changeGoal((await store().user_goal.get(id))!, { ...aim, target_value: 76, goal_notes: 'Slowly' });
    await rounds();
    expect(server.live('user_goal').find((each) => each.id === id)).toMatchObject({ metric_id: WEIGHT, target_value: 76, goal_notes: 'Slowly', target_date: '2026-06-01' });
    await deleteGoal((await store().user_goal.get(other))!);
    await store().outbox.toCollection().modify({ held: 0 });
    await rounds();
    expect(server.live('user_goal').map((each) => each.id)).toEqual([id]);
    expect(await store().outbox.count()).toBe(0);
  });

  it('hears of the goals of another device', async () => {
    server.write('user_goal', uuid7(), { metric_id: WEIGHT, exercise_id: null, target_value: 70, target_unit: 'kg', start_date: '2026-01-01', target_date: '2026-02-01', goal_notes: null });
    await rounds();
    expect((await readGoals()).map(({ goal, name }) => [goal.target_value, name])).toEqual([[70, 'Body Weight']]);
  });
});

it('moves the metrics and goals of an older app to tables of their own', async () => {
  const userId = uuid7();
  const old = new Dexie(`reptrail-${userId}`);
  old.version(2).stores({ other: 'id, table', outbox: '++n, id, row_id, state', meta: 'key' });
  await old.table('other').bulkPut([{ ...metric, table: 'metric' }, { id: userId, version: 3, table: 'user_goal', target_value: 70 }, { id: uuid7(), version: 1, table: 'program' }]);
  old.close();
  openStore(userId);
  expect(await store().metric.toArray()).toEqual([metric]);
  expect(await store().user_goal.toArray()).toEqual([{ id: userId, version: 3, target_value: 70 }]);
  expect((await store().other.toArray()).map((each) => each.table)).toEqual(['program']);
  await Dexie.delete(`reptrail-${userId}`);
});
