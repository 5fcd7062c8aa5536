/** What stands in a write, field by field, for the athlete to compare or to put right. */
import { symbolOf } from '../domain/measures';
import { day, moment, number, t, type Key } from '../i18n';
import { account } from '../store/account.svelte';
import type { Operation } from '../store/db';

/** What the fields of rows are called on the screens. */
export const FIELDS: Record<string, Key> = {
  started_at: 'field.started_at', completed_at: 'field.completed_at', scheduled_at: 'field.scheduled_at', session_notes: 'field.session_notes', reps: 'field.reps', weight: 'field.weight',
  rpe: 'field.rpe', duration_seconds: 'field.duration_seconds', distance_m: 'field.distance_m', notes: 'field.notes', measured_value: 'field.measured_value',
  measurement_date: 'field.measurement_date', measurement_notes: 'field.notes', target_value: 'field.target_value', target_date: 'field.target_date', start_date: 'goal.start',
  goal_notes: 'field.notes', comment_text: 'field.comment_text', exercise_name: 'pick.search', session_name: 'field.session_name', performance_notes: 'field.notes',
  effort_rating: 'session.effort', soreness_rating: 'session.soreness', kind: 'session.kind', weight_unit: 'equipment.unit', bar_weight: 'equipment.bar',
  plates: 'equipment.plates', dumbbells: 'equipment.dumbbells', machine_step: 'equipment.machine',
};
// What the words for the whole row (describe.ts) say already.
const SAID: Record<string, string[]> = {
  user_set_performance: ['reps', 'weight', 'weight_unit', 'duration_seconds', 'distance_m'],
  user_measurement: ['measured_value'],
  user_goal: ['target_value', 'target_date'],
  session_comment: ['comment_text'],
};

export interface Difference {
  field: string;
  yours: string;
  theirs: string;
}

/** In what a write and the other device's version differ, beyond what the words for the two rows tell. */
export function differences({ table, local, current }: Operation): Difference[] {
  if (!local || !current) return [];
  const theirs = current as unknown as Record<string, unknown>;
  const names = Object.keys(local).filter((name) => name in FIELDS && name in theirs && !SAID[table]?.includes(name) && !isSame(name, local[name], theirs[name]));
  const unit = String(theirs['weight_unit'] ?? '');
  return names.map((name) => ({ field: t(FIELDS[name]!, { unit }), yours: said(name, local[name]), theirs: said(name, theirs[name]) }));
}

const isSame = (name: string, a: unknown, b: unknown): boolean => (name.endsWith('_at') && a && b ? Date.parse(String(a)) === Date.parse(String(b)) : String(a ?? '') === String(b ?? ''));

function said(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('waiting.nothing');
  if (Array.isArray(value)) return value.length ? value.map(Number).map(number).join(', ') : t('waiting.nothing');
  if (name.endsWith('_at')) return moment(String(value), account.zone, { dateStyle: 'medium', timeStyle: 'short' });
  if (name.endsWith('_date')) return day(String(value), { dateStyle: 'medium' });
  if (name.endsWith('_unit')) return symbolOf(String(value));
  if (name === 'kind') return t(`kind.${String(value)}` as Key);
  return typeof value === 'number' ? number(value) : String(value);
}
