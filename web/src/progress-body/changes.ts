/** Who changed what of a measurement or a goal, as sentences: from the server's ledger. */
import { api } from '../api/client';
import type { components } from '../api/schema';
import { actorOf, type Told } from '../history/changes';
import { day, t, type Key } from '../i18n';
import { valueText } from './words';

type Change = components['schemas']['LedgerChangeOut'];
type Row = Record<string, unknown>;
export type ChangedTable = 'user_measurement' | 'user_goal';

const FIELDS: Record<string, Key> = {
  measurement_date: 'field.measurement_date', measurement_notes: 'field.notes', target_date: 'goal.date', start_date: 'goal.start', goal_notes: 'field.notes',
};

/** What happened to a row, newest first: nothing, where it has not reached the server yet. Null where the server does not answer. */
export async function readChanges(table: ChangedTable, row_id: string): Promise<Told[] | null> {
  const path = { athlete: 'me', table, row_id };
  const answer = await api.GET('/api/v1/athletes/{athlete}/history/{table}/{row_id}', { params: { path, query: { limit: 200 } as never } }).catch(() => null);
  if (!answer) return null;
  let row: Row = {};
  const told = (answer.data?.items ?? []).map((item) => {
    const before = { ...row, ...item.before };
    row = { ...before, ...item.after };
    return { seq: item.seq, at: item.changed_at, who: actorOf(item), what: what(item, before, row), isThere: row['is_active'] === true };
  });
  return told.reverse();
}

/** The value of a measurement, or the target of a goal. */
const valueOf = (row: Row): string => ('target_value' in row ? valueText(Number(row['target_value']), String(row['target_unit'])) : valueText(Number(row['measured_value']), String(row['unit'])));

function what(item: Change, before: Row, after: Row): string {
  if (item.action === 'DELETE' || item.after?.['is_active'] === false) return t('changed.deletedRow', { value: valueOf(before) });
  if (item.action === 'INSERT') return t('changed.entered', { value: valueOf(after) });
  if (item.after?.['is_active'] === true) return t('changed.back', { value: valueOf(after) });
  if (valueOf(before) !== valueOf(after)) return t('changed.corrected', { value: valueOf(after), was: valueOf(before) });
  const fields = Object.keys(item.after ?? {}).filter((name) => name in FIELDS);
  const dates = fields.filter((name) => name.endsWith('_date')).map((name) => t('changed.date', { field: t(FIELDS[name]!), day: day(String(after[name]), { day: 'numeric', month: 'short', year: 'numeric' }) }));
  return dates.length ? dates.join(', ') : t('changes.fields', { fields: fields.map((name) => t(FIELDS[name]!)).join(', ') });
}
