import { symbolOf } from '../domain/measures';
import { day, number, t } from '../i18n';
import { readMetric } from '../store/body';
import type { Operation } from '../store/db';
import { store } from '../store/db';
import { nameGoal } from '../store/goals';
import { sessionName } from '../store/reading';
import type { GoalRow, SessionRow, SetRow } from '../store/rows';
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
  if (operation.table === 'user_measurement') {
    const metric = await readMetric(String(row['metric_id']));
    const value = `${number(Number(row['measured_value']))} ${symbolOf(String(row['unit']))}`;
    return metric ? t('describe.measured', { metric: metric.metric_name, value }) : t('describe.measurement', { value });
  }
  if (operation.table === 'user_goal') {
    const named = await nameGoal(row as unknown as GoalRow);
    const value = `${number(Number(row['target_value']))} ${symbolOf(String(row['target_unit']))}`;
    return t('describe.goal', { name: named ?? t('exercise.unknown'), value, day: day(String(row['target_date']), { dateStyle: 'medium' }) });
  }
  if (operation.table === 'session_comment') return t('describe.comment', { text: String(row['comment_text']) });
  if (operation.table === 'user_equipment') return t('equipment.title');
  if (operation.table === 'exercise') return t('describe.exercise', { name: String(row['exercise_name']) });
  if (operation.table === 'exercise_instruction' || operation.table === 'user_exercise_performance') {
    const exercise = await store().exercise.get(String(row['exercise_id']));
    const name = exercise?.exercise_name ?? t('exercise.unknown');
    return row['performance_notes'] ? t('describe.set', { exercise: name, set: String(row['performance_notes']) }) : t('describe.exercise', { name });
  }
  return t('describe.other');
}
