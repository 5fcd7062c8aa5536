/** Goals as this device knows them. How one stands is the server's to say (`reports.ts`): it takes the whole history. */
import { uuid7 } from '../domain/ids';
import { readMetric } from './body';
import { store } from './db';
import { exercisesDone } from './history';
import type { ExerciseRow, GoalRow } from './rows';
import { takeAway } from './taking';
import { write } from './write';

const GOAL = 'user_goal';

export interface NamedGoal {
  goal: GoalRow;
  /** What it is of; null while that is still on its way to this device. */
  name: string | null;
}

/** All goals, the nearest target date first. */
export async function readGoals(): Promise<NamedGoal[]> {
  const goals = await store().user_goal.toArray();
  goals.sort((a, b) => a.target_date.localeCompare(b.target_date) || a.id.localeCompare(b.id));
  return Promise.all(goals.map(named));
}

export async function readGoal(id: string): Promise<NamedGoal | null> {
  const goal = await store().user_goal.get(id);
  return goal ? named(goal) : null;
}

const named = async (goal: GoalRow): Promise<NamedGoal> => ({ goal, name: await nameGoal(goal) });

/** What a goal is of. */
export async function nameGoal({ metric_id, exercise_id }: GoalRow): Promise<string | null> {
  if (metric_id) return (await readMetric(metric_id))?.metric_name ?? null;
  return (exercise_id && (await store().exercise.get(exercise_id))?.exercise_name) || null;
}

export type Aim = Pick<GoalRow, 'metric_id' | 'exercise_id' | 'target_value' | 'target_unit' | 'start_date' | 'target_date' | 'goal_notes'>;

/** Sets a goal; returns its id. */
export async function setGoal(aim: Aim): Promise<string> {
  const id = uuid7();
  const fields = Object.fromEntries(Object.entries(aim).filter(([, value]) => value !== null));
  await write([GOAL], async () => [{ table: GOAL, row_id: id, action: 'insert', fields, local: { ...aim } }]);
  return id;
}

/** Changes what differs. What a goal is of stays: that would be another goal. */
export async function changeGoal(goal: GoalRow, aim: Aim): Promise<void> {
  const names = ['target_value', 'target_unit', 'start_date', 'target_date', 'goal_notes'] as const;
  const fields = Object.fromEntries(names.filter((name) => goal[name] !== aim[name]).map((name) => [name, aim[name]]));
  if (Object.keys(fields).length) await write([GOAL], async () => [{ table: GOAL, row_id: goal.id, action: 'update', fields, local: fields }]);
}

/** Takes a new goal or a change back: `before` is the goal as it stood, null where it was new. */
export async function takeBack(id: string, before: GoalRow | null): Promise<void> {
  const goal = await store().user_goal.get(id);
  if (goal && before) await changeGoal(goal, before);
  else if (goal) await deleteGoal(goal);
}

/** Takes a goal away; returns what brings it back. */
export const deleteGoal = (goal: GoalRow): Promise<() => Promise<boolean>> => takeAway(GOAL, goal);

export interface Lifts {
  done: ExerciseRow[];
  others: ExerciseRow[];
}

/** The exercises that a maximum can be estimated of: those that were done, and the others by how common they are. */
export async function readLifts(): Promise<Lifts> {
  const done = (await exercisesDone()).filter((each) => each.tracks === 'REPS_WEIGHT');
  const ids = new Set(done.map((each) => each.id));
  const all = await store().exercise.orderBy('rank').toArray();
  return { done, others: all.filter((each) => each.tracks === 'REPS_WEIGHT' && !ids.has(each.id)) };
}
