import { uuid7 } from '../domain/ids';
import { write } from './write';

/** The built-in metric of body weight; its id is the same in every Reptrail. */
export const BODY_WEIGHT = '0fab8ae8-d202-5a4c-a839-13840377ce1a';

/** Writes a measurement down. `canonical` is the value in the metric's canonical unit. */
export async function measure(metric_id: string, measured_value: number, unit: string, measurement_date: string, canonical: number): Promise<void> {
  const fields = { metric_id, measured_value, unit, measurement_date };
  const local = { ...fields, canonical_value: canonical };
  await write(['user_measurement'], async () => [{ table: 'user_measurement', row_id: uuid7(), action: 'insert', fields, local }]);
}
