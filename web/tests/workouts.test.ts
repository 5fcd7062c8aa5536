import { beforeEach, describe, expect, it } from 'vitest';
import * as d from '../src/editor/draft';
import { askedFrom, instructionsFrom } from '../src/editor/from-session';
import { asProgram, workoutKind } from '../src/editor/kinds';
import { NOTHING } from '../src/editor/line';
import { account } from '../src/store/account.svelte';
import { openStore, store } from '../src/store/db';
import type { Entry } from '../src/store/reading';
import type { InstructionRow, SessionRow, SetRow, WorkoutRow } from '../src/store/rows';
import { lastTime, planWorkout, readWorkout, readWorkouts, startWorkout, type Choice, type Told } from '../src/store/workouts';
import { matching, pathOf } from '../src/workouts/listing';

const set = (reps: number | null, weight: number | null, fields: Partial<SetRow> = {}): SetRow =>
  ({ reps, weight, weight_unit: weight === null ? null : 'kg', kind: 'WORKING', duration_seconds: null, distance_m: null, ...fields }) as SetRow;
const target = (reps: number, kind = 'WORKING') => ({ kind, reps_min: reps, reps_max: reps, percent: null, rpe: null, duration_seconds: null });

describe('what was trained asks', () => {
  it('so many sets of so many, at their weight, where they were alike', () => {
    expect(askedFrom([set(5, 60), set(5, 60), set(5, 60)], 90)).toEqual({ ...NOTHING, sets: 3, reps_min: 5, reps_max: 5, weight: 60, weight_unit: 'kg', rest_seconds: 90 });
  });
  it('set by set what differed', () => {
    expect(askedFrom([set(8, 60), set(6, 60)], null)).toEqual({ ...NOTHING, sets: 2, weight: 60, weight_unit: 'kg', set_targets: [target(8), target(6)] });
    const dropped = askedFrom([set(8, 60, { kind: 'AMRAP' }), set(12, 60, { kind: 'DROP' })], null);
    expect(dropped.set_targets).toEqual([{ ...target(8, 'AMRAP'), reps_max: null }, target(12, 'DROP')]);
  });
  it('no weight where the working sets had several', () => {
    expect(askedFrom([set(5, 60), set(5, 62.5)], null)).toEqual({ ...NOTHING, sets: 2, reps_min: 5, reps_max: 5 });
    expect(askedFrom([set(5, 60), set(5, null)], null).weight).toBeNull();
  });
  it('no warm-up of another weight, which would be asked at that of the working sets', () => {
    const warm = set(5, 40, { kind: 'WARMUP' });
    expect(askedFrom([warm, set(5, 60), set(5, 60)], null)).toMatchObject({ sets: 2, weight: 60, set_targets: null });
    expect(askedFrom([warm, set(5, 60), set(5, 65)], null)).toMatchObject({ sets: 3, weight: null });
    expect(askedFrom([warm], null)).toMatchObject({ sets: 1, weight: 40, set_targets: [target(5, 'WARMUP')] });
  });
  it('times and distances', () => {
    expect(askedFrom([set(null, null, { duration_seconds: 45 }), set(null, null, { duration_seconds: 45 })], null)).toMatchObject({ sets: 2, duration_seconds: 45, reps_min: null, weight: null });
    expect(askedFrom([set(null, null, { distance_m: 5000, duration_seconds: 1500 })], null)).toMatchObject({ sets: 1, distance_m: 5000, duration_seconds: 1500 });
    expect(askedFrom([set(0, 60)], null)).toMatchObject({ sets: 1, reps_min: null, reps_max: null });
  });
  it('a hundred sets at most', () => expect(askedFrom(Array.from({ length: 130 }, () => set(5, 60)), null).sets).toBe(100));

  const entry = (id: string, group_number: number | null, rest_seconds: number | null = null): Entry =>
    ({ exercise_id: id, exercise: { exercise_name: id, tracks: 'REPS_WEIGHT', load: 'EXTERNAL' }, instruction: { group_number, rest_seconds, instruction_notes: 'Slowly' }, prescription: null, sets: [set(5, 60)] }) as unknown as Entry;
  it('with the rest the athlete takes, else the planned one, and supersets that still are some', () => {
    const made = instructionsFrom([entry('a', 1, 120), entry('b', 1, 120), entry('c', 2)], [75, null, null], '?');
    expect(made.map((each) => [each.exercise_name, each.asked.rest_seconds, each.asked.group_number, each.notes])).toEqual([['a', 75, 1, 'Slowly'], ['b', 120, 1, 'Slowly'], ['c', 90, null, 'Slowly']]);
  });
});

const told: Told = {
  id: 'w1', user_id: 'me', workout_name: 'Mine', description: 'For me', is_public: true, revision: 3, version: 7, updated_at: '2026-01-01T00:00:00Z',
  instructions: [{ ...NOTHING, id: 'i1', position: 1, exercise_id: 'x1', exercise_name: 'Squat', tracks: 'REPS_WEIGHT', load: 'EXTERNAL', sets: 3, instruction_notes: null }],
};

describe('a workout in the editor', () => {
  it('is a program of one workout, and is saved as it was read', () => {
    const draft = d.draftOf(asProgram(told));
    expect(draft.days).toEqual([]);
    expect(draft.workouts).toHaveLength(1);
    expect(draft.workouts[0]!.catalog).toBeUndefined();
    const body = d.bodyOf(draft);
    expect(body.is_public).toBe(true);
    expect(body.workouts[0]).toMatchObject({ workout_name: 'Mine', description: 'For me', instructions: [{ exercise_id: 'x1', sets: 3 }] });
  });
  it('begins empty, and keeps what is made from something else in a place of its own', async () => {
    const { published, draft } = await workoutKind(null).begin();
    expect(draft).toBe(published);
    expect([draft.days, draft.workouts.map((each) => each.instructions)]).toEqual([[], [[]]]);
    expect([workoutKind(null).fresh, workoutKind({ session: 's' }).fresh, workoutKind({ of: 'w' }).fresh].map(pathOf)).toEqual(['/workouts/new', '/workouts/new?session=s', '/workouts/new?of=w']);
    expect(pathOf('w1')).toBe('/workouts/w1/edit');
  });
});

describe('the list', () => {
  let number = 0;
  const workout = (id: string, user_id: string | null, fields: Partial<WorkoutRow> = {}): WorkoutRow => ({ id, version: 1, user_id, kind: 'CATALOG', is_public: false, is_active: true, revision: 1, updated_at: '', ...fields });
  const put = async (row: WorkoutRow, name: string, ...asked: Partial<InstructionRow>[]): Promise<void> => {
    await store().workout.put(row);
    await store().workout_revision.put({ id: `r${row.id}`, version: 1, workout_id: row.id, revision: row.revision, workout_name: name, description: null });
    await store().exercise_instruction.bulkPut(asked.map((each, place) => ({ id: `${row.id}${place}`, version: 1, workout_id: row.id, revision: row.revision, position: place + 1, exercise_id: 'x1', set_targets: null, sets: null, ...each }) as InstructionRow));
  };
  const done = (id: string, workout_id: string, history_at: string, session_status = 'COMPLETED') => store().user_workout_session.put({ id, version: 1, workout_id, history_at, session_status } as SessionRow);

  beforeEach(async () => {
    account.user = { id: 'me' } as never;
    openStore(`workouts-${++number}`);
    await store().exercise.put({ id: 'x1', version: 1, exercise_name: 'Squat', tracks: 'REPS_WEIGHT', load: 'EXTERNAL' } as never);
    await put(workout('built', null), 'Built');
    await put(workout('b', 'me'), 'Beta', { sets: 3 }, { set_targets: [{ kind: 'WARMUP' }, { kind: 'WORKING' }] }, {});
    await put(workout('a', 'me'), 'Alpha');
    await put(workout('c', 'me'), 'Gamma');
    await put(workout('p', 'me', { kind: 'PROGRAM' }), 'Of a program');
    await put(workout('other', 'coach'), 'Of somebody else');
    await done('s1', 'c', '2026-02-01T10:00:00Z');
    await done('s2', 'c', '2026-02-03T10:00:00Z', 'SKIPPED');
    await done('s3', 'b', '2026-01-01T10:00:00Z');
  });

  it("has one's own first, those done last before the others, then what is built in", async () => {
    expect((await readWorkouts()).map((each) => each.name)).toEqual(['Gamma', 'Beta', 'Alpha', 'Built']);
    expect((await readWorkouts('own')).map((each) => each.name)).toEqual(['Gamma', 'Beta', 'Alpha']);
    expect((await lastTime('c'))?.id).toBe('s1');
  });
  it('counts the sets that are asked, warm-ups left out', async () => {
    const beta = (await readWorkouts()).find((each) => each.name === 'Beta')!;
    expect([beta.sets, beta.exercises]).toEqual([5, ['Squat', 'Squat', 'Squat']]);
  });
  it('is searched by names of workouts and exercises', () => {
    const choice = (name: string, ...exercises: string[]): Choice => ({ name, exercises }) as Choice;
    const all = [choice('Push', 'Bench Press'), choice('Pull', 'Pull Up', 'Row')];
    expect(matching('', all)).toHaveLength(2);
    expect(matching('pull row', all).map((each) => each.name)).toEqual(['Pull']);
    expect(matching('BENCH', all).map((each) => each.name)).toEqual(['Push']);
    expect(matching('squat', all)).toEqual([]);
  });
  it('is read whole, begun and planned in the revision that was read', async () => {
    const beta = (await readWorkout('b'))!;
    expect(beta.instructions.map((each) => each.exercise_name)).toEqual(['Squat', 'Squat', 'Squat']);
    expect(await readWorkout('p')).toBeNull();
    const begun = (await store().user_workout_session.get(await startWorkout(beta)))!;
    expect([begun.workout_id, begun.workout_revision, begun.session_status]).toEqual(['b', 1, 'IN_PROGRESS']);
    const planned = await planWorkout(beta, '2030-01-01T17:00:00.000Z');
    const waiting = await store().outbox.where('row_id').equals(planned.id).first();
    expect(waiting?.fields).toEqual({ workout_id: 'b', workout_revision: 1, scheduled_at: '2030-01-01T17:00:00.000Z' });
    expect((await store().user_workout_session.get(planned.id))?.history_at).toBe('2030-01-01T17:00:00.000Z');
  });
});
