import { number, t } from '../i18n';
import type { Operation } from '../store/db';
import { store } from '../store/db';
import { sessionName } from '../store/reading';
import type { SessionRow, SetRow } from '../store/rows';
import { setText } from '../training/sets';

/** What a write did, in words: with `values`, the row as one side has it. */
export async function describe(operation: Operation, values: object | null): Promise<string> {
  const row = { ...operation.was, ...values } as Record<string, unknown>;
  const text = await describeRow(operation, row);
  return operation.action === 'delete' && values === null ? t('describe.deleted', { what: text }) : text;
}

async function describeRow(operation: Operation, row: Record<string, unknown>): Promise<string> {
  if (operation.table === 'user_set_performance') {
    const exercise = await store().exercise.get(String(row['exercise_id']));
    return t('describe.set', { exercise: exercise?.exercise_name ?? t('exercise.unknown'), set: setText(row as unknown as SetRow) });
  }
  if (operation.table === 'user_workout_session') {
    const name = await sessionName(row as unknown as SessionRow);
    return t('describe.session', { name, status: t(`status.${(row as unknown as SessionRow).session_status}`) });
  }
  if (operation.table === 'user_measurement') return t('describe.measurement', { value: number(Number(row['measured_value'])), unit: row['unit'] === '[lb_av]' ? 'lb' : String(row['unit']) });
  return t('describe.other');
}
