/** The body: what was measured of it, read from the device, and what is written down of it. */
import { addDays } from '../domain/days';
import { uuid7 } from '../domain/ids';
import { metricName } from '../i18n/metrics';
import { toCanonical } from '../domain/measures';
import { account } from './account.svelte';
import { store } from './db';
import type { MeasurementRow, MetricRow } from './rows';
import { takeAway } from './taking';
import { write } from './write';

const MEASUREMENT = 'user_measurement';
const SPARK_DAYS = 90;

export interface Measured {
  metric: MetricRow;
  /** The newest one. */
  last: MeasurementRow;
  /** Canonical values of the last quarter of a year, by day. */
  recent: { day: string; value: number }[];
}

/** The rows of a metric on days from one on. */
const rowsOf = (metric_id: string, from = '') => store().user_measurement.where('[metric_id+measurement_date]').between([metric_id, from], [metric_id, '\uffff']);

/** A metric by its name in the reader's language. */
const named = (metric: MetricRow): MetricRow => ({ ...metric, metric_name: metricName(metric.slug, metric.metric_name) });

/** Every metric there is to measure, by name; the athlete's own among them. */
export async function readMetrics(): Promise<MetricRow[]> {
  const all = (await store().metric.toArray()).map(named);
  return all.sort((a, b) => a.metric_name.localeCompare(b.metric_name));
}

/** The metrics that were ever measured, what was measured last first. A question for each metric: to read all rows would be dear. */
export async function readMeasured(): Promise<Measured[]> {
  const found: Measured[] = [];
  for (const metric of await readMetrics()) {
    const last = await readLast(metric.id);
    if (!last) continue;
    const recent = await rowsOf(metric.id, addDays(last.measurement_date, -SPARK_DAYS)).toArray();
    found.push({ metric, last, recent: recent.map((row) => ({ day: row.measurement_date, value: row.canonical_value })) });
  }
  return found.sort((a, b) => b.last.measurement_date.localeCompare(a.last.measurement_date) || a.metric.metric_name.localeCompare(b.metric.metric_name));
}

/** A metric by its slug or its id, as it stands in an address. */
export async function readMetric(nameOrId: string): Promise<MetricRow | null> {
  const { metric } = store();
  const found = (await metric.get(nameOrId)) ?? (await metric.filter((each) => each.slug === nameOrId).first());
  return found ? named(found) : null;
}

/** The newest measurement of a metric. */
export const readLast = (metric_id: string): Promise<MeasurementRow | undefined> => rowsOf(metric_id).last();

/** The newest measurements of a metric, and whether there are more. */
export async function readEntries(metric_id: string, limit: number): Promise<{ rows: MeasurementRow[]; more: boolean }> {
  const rows = await rowsOf(metric_id).reverse().limit(limit + 1).toArray();
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

/** In which unit a metric is shown and asked for: the one chosen before on this device, the athlete's for weights, the last one used. */
export function unitFor(metric: MetricRow, last: MeasurementRow | undefined): string {
  const mine = account.user?.weight_unit === 'lb' ? '[lb_av]' : 'kg';
  const wanted = [localStorage.getItem(`unit:${metric.id}`), metric.dimension === 'mass' ? mine : null, last?.unit];
  return wanted.find((unit) => unit && metric.allowed_units.includes(unit)) ?? metric.canonical_unit;
}

export const chooseUnit = (metric: MetricRow, unit: string): void => localStorage.setItem(`unit:${metric.id}`, unit);

export type Entered = Pick<MeasurementRow, 'metric_id' | 'measured_value' | 'unit' | 'measurement_date' | 'measurement_notes'>;

/** Writes a measurement down; returns its id. `sure`: the athlete has said that an unusual value is right. */
export async function enterMeasurement(entered: Entered, sure: boolean): Promise<string> {
  const id = uuid7();
  const { measurement_notes: notes, ...rest } = entered;
  const fields = { ...rest, ...(notes ? { measurement_notes: notes } : {}), ...(sure ? { confirm: true } : {}) };
  const local = { ...entered, measurement_source: 'MANUAL', canonical_value: toCanonical(entered.measured_value, entered.unit) };
  await write([MEASUREMENT], async () => [{ table: MEASUREMENT, row_id: id, action: 'insert', fields, local }]);
  return id;
}

/** Corrects a measurement; only what differs is told. */
export async function correctMeasurement(row: MeasurementRow, entered: Entered, sure: boolean): Promise<void> {
  const { measured_value, unit, measurement_date, measurement_notes } = entered;
  const same = measured_value === row.measured_value && unit === row.unit;
  const fields: Record<string, unknown> = {
    // A value and its unit are one.
    ...(same ? {} : { measured_value, unit }),
    ...(measurement_date === row.measurement_date ? {} : { measurement_date }),
    ...(measurement_notes === (row.measurement_notes ?? null) ? {} : { measurement_notes }),
  };
  if (!Object.keys(fields).length) return;
  const local = { ...fields, canonical_value: toCanonical(measured_value, unit) };
  await write([MEASUREMENT], async () => [{ table: MEASUREMENT, row_id: row.id, action: 'update', fields: { ...fields, ...(sure ? { confirm: true } : {}) }, local }]);
}

/** Takes an entry or a correction back: `before` is the measurement as it stood, null where it was new. */
export async function takeBack(id: string, before: MeasurementRow | null): Promise<void> {
  const row = await store().user_measurement.get(id);
  if (row && before) await correctMeasurement(row, before, true);
  else if (row) await deleteMeasurement(row);
}

/** Takes a measurement away; returns what brings it back. */
export const deleteMeasurement = (row: MeasurementRow): Promise<() => Promise<boolean>> => takeAway(MEASUREMENT, row);
