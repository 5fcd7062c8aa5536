/** Who changed what, as sentences: from the server's ledger. Here of a session; of a measurement or a goal in progress-body/changes.ts. */
import { api } from '../api/client';
import type { components } from '../api/schema';
import { t, type Key } from '../i18n';
import { account } from '../store/account.svelte';
import { store } from '../store/db';
import type { SetRow } from '../store/rows';
import { setText } from '../training/sets';

type Change = components['schemas']['LedgerChangeOut'];

export interface Told {
  /** The number of the change: after it the row stood as told. */
  seq: number;
  at: string;
  who: string;
  what: string;
  /** Whether there was a row after it, to go back to. */
  isThere: boolean;
}

const MOST = 2000;
const FIELDS: Record<string, Key> = {
  started_at: 'field.started_at', completed_at: 'field.completed_at', effort_rating: 'session.effort', soreness_rating: 'session.soreness', session_notes: 'field.session_notes',
  scheduled_at: 'field.scheduled_at', performance_notes: 'field.notes', difficulty_rating: 'session.effort',
};

/** What happened to a session and its sets, newest first. Null where the server does not answer. */
export async function readChanges(session_id: string): Promise<Told[] | null> {
  const items: Change[] = [];
  for (let cursor: string | undefined; items.length < MOST; ) {
    const query = { with: 'parts', limit: 200, ...(cursor ? { cursor } : {}) } as never;
    const path = { athlete: 'me', table: 'user_workout_session', row_id: session_id };
    const { data } = await api.GET('/api/v1/athletes/{athlete}/history/{table}/{row_id}', { params: { path, query } }).catch(() => ({ data: undefined }));
    if (!data) return null;
    items.push(...data.items);
    if (!data.next_cursor) break;
    cursor = data.next_cursor;
  }
  const exercises = new Map((await store().exercise.toArray()).map((each) => [each.id, each.exercise_name]));
  const rows = new Map<string, Record<string, unknown>>();
  return items.flatMap((item) => tell(item, rows, exercises)).reverse();
}

function tell(item: Change, rows: Map<string, Record<string, unknown>>, exercises: ReadonlyMap<string, string>): Told[] {
  const before = { ...rows.get(item.row_id), ...item.before };
  const after = { ...before, ...item.after };
  rows.set(item.row_id, after);
  const what = isHidden(item) ? hidden(item, before, exercises) : isBack(item) ? back(item, after, exercises) : changed(item, before, after, exercises);
  if (!what) return [];
  const isThere = item.table_name !== 'user_workout_session' || !isHidden(item);
  return [{ seq: item.seq, at: item.changed_at, who: actorOf(item), what, isThere }];
}

/** Who it was, and through what where that was not the app. */
export function actorOf(item: Change): string {
  const who = item.actor_id === account.user?.id ? t('changes.you') : (item.actor_name ?? t('changes.somebody'));
  return item.via === 'WEB' ? who : t('changes.via', { who, via: t(`via.${item.via}`) });
}

const isHidden = (item: Change): boolean => item.action === 'DELETE' || (item.action === 'UPDATE' && item.after?.['is_active'] === false);
const isBack = (item: Change): boolean => item.action === 'UPDATE' && item.after?.['is_active'] === true;

type Row = Record<string, unknown>;
type Names = ReadonlyMap<string, string>;

const setOf = (row: Row, names: Names): { exercise: string; set: string } => ({
  exercise: names.get(String(row['exercise_id'])) ?? t('exercise.unknown'),
  set: setText(row as unknown as SetRow),
});

function hidden(item: Change, before: Row, names: Names): string | null {
  if (item.table_name === 'user_workout_session') return t('changes.sessionDeleted');
  return item.table_name === 'user_set_performance' ? t('changes.setDeleted', setOf(before, names)) : null;
}

function back(item: Change, after: Row, names: Names): string | null {
  if (item.table_name === 'user_workout_session') return t('changes.sessionBack');
  return item.table_name === 'user_set_performance' ? t('changes.setBack', setOf(after, names)) : null;
}

function changed(item: Change, before: Row, after: Row, names: Names): string | null {
  if (item.table_name === 'user_set_performance') {
    const set = setOf(after, names);
    if (item.action === 'INSERT') return t('changes.setLogged', set);
    const was = setOf(before, names).set;
    return was === set.set ? t('changes.setNoted', set) : t('changes.setCorrected', { ...set, was });
  }
  if (item.table_name === 'user_workout_session') {
    const status = item.after?.['session_status'];
    if (typeof status === 'string') return t(`changed.${status}` as Key);
  }
  if (item.action === 'INSERT') return null;
  const fields = Object.keys(item.after ?? {}).filter((name) => name in FIELDS).map((name) => t(FIELDS[name]!));
  return fields.length ? t('changes.fields', { fields: fields.join(', ') }) : null;
}
