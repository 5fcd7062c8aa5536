import { describe, expect, it } from 'vitest';
import * as d from '../src/editor/draft';
import { NOTHING, parse } from '../src/editor/line';

const one = (id: string, group_number: number | null = null): d.Instruction => ({ id, exercise_id: `x-${id}`, exercise_name: id, tracks: 'REPS_WEIGHT', load: 'EXTERNAL', asked: { ...NOTHING, sets: 3, group_number }, notes: '' });
const workout = (key: string, ...instructions: d.Instruction[]): d.Workout => ({ id: `w-${key}`, workout_key: key, workout_name: key, description: '', instructions });
const start = (...workouts: d.Workout[]): d.Draft => ({ ...d.blank((key) => key), program_name: 'P', workouts, days: d.blank((key) => key).days.map((day, place) => ({ ...day, workouts: place === 0 ? [workouts[0]!.id] : [] })) });
const names = (draft: d.Draft) => draft.workouts.map((each) => each.instructions.map((part) => part.id + (part.asked.group_number ?? '')).join(' '));
const keys = (draft: d.Draft) => draft.days.map((each) => each.workouts.map((id) => id.slice(2)).join('')).join('-');

describe('instructions', () => {
  const draft = start(workout('A', one('a'), one('b'), one('c')), workout('B', one('d')));
  it('move within a workout, and over its edge into the next', () => {
    expect(names(d.moveInstruction('a', 1)(draft))).toEqual(['b a c', 'd']);
    expect(names(d.moveInstruction('c', 1)(draft))).toEqual(['a b', 'c d']);
    expect(names(d.moveInstruction('d', -1)(draft))).toEqual(['a b c d', '']);
    expect(d.moveInstruction('a', -1)(draft)).toBe(draft);
  });
  it('are let go at a place', () => {
    expect(names(d.dropInstruction('a', 'w-A', 3)(draft))).toEqual(['b c a', 'd']);
    expect(names(d.dropInstruction('c', 'w-A', 0)(draft))).toEqual(['c a b', 'd']);
    expect(names(d.dropInstruction('b', 'w-B', 1)(draft))).toEqual(['a c', 'd b']);
  });
  it('become a superset and part again', () => {
    const pair = d.toggleSuperset('b')(draft);
    expect(names(pair)[0]).toBe('a1 b1 c');
    const three = d.toggleSuperset('c')(pair);
    expect(names(three)[0]).toBe('a1 b1 c1');
    expect(names(d.toggleSuperset('b')(three))[0]).toBe('a b2 c2');
    expect(names(d.removeInstruction('a')(pair))[0]).toBe('b c');
    expect(names(d.dropInstruction('a', 'w-B', 0)(pair))).toEqual(['b c', 'a d']);
    expect(d.toggleSuperset('a')(draft)).toBe(draft);
  });
});

describe('days', () => {
  const draft = start(workout('A'), workout('B'));
  it('get a new workout where there is room, with a rest between', () => {
    expect(keys(d.addWorkout(workout('C'))(draft))).toBe('A--C----');
    const full = { ...draft, days: draft.days.map((each) => ({ ...each, workouts: ['w-A'] })) };
    expect(keys(d.addWorkout(workout('C'))(full))).toBe('A-A-A-A-A-A-A-C');
  });
  it('are repeated, moved and taken away by the week', () => {
    const two = d.repeatWeek(0)(draft);
    expect(keys(two)).toBe('A-------A------');
    expect(new Set(two.days.map((each) => each.id)).size).toBe(14);
    const other = d.toggleOnDay(two.days[8]!.id, 'w-B')(two);
    expect(keys(d.moveWeek(1, -1)(other))).toBe('A-B------A------');
    expect(keys(d.removeWeek(0)(other))).toBe('A-B-----');
  });
  it('lose a workout that is removed', () => expect(keys(d.removeWorkout('w-A')(draft))).toBe('------'));
  it('have at most six workouts', () => {
    const id = draft.days[1]!.id;
    const many = Array.from({ length: 9 }, (_, place) => `w-${place}`).reduce((now, each) => d.toggleOnDay(id, each)(now), draft);
    expect(many.days[1]!.workouts).toHaveLength(6);
  });
});

describe('a draft', () => {
  it('is published as it was read', () => {
    const asked = parse('3x5 @80kg r90 +2.5kg').asked!;
    const draft = start(workout('A', { ...one('a'), asked, notes: ' Slow. ' }));
    const body = d.bodyOf(draft);
    expect(body.workouts[0]!.instructions![0]).toMatchObject({ exercise_id: 'x-a', sets: 3, weight: 80, weight_unit: 'kg', instruction_notes: 'Slow.', progression: { rule: 'linear' } });
    const again = d.draftOf({ ...d.preview(draft), user_id: null } as d.Program);
    expect(d.sameText(again, draft)).toBe(true);
    expect(d.sameText(d.editInstruction('a', { broken: 'x' })(draft), draft)).toBe(false);
  });
  it('keeps what it did not change', () => {
    const draft = start(workout('A', one('a'), one('b')), workout('B', one('c')));
    const after = d.editInstruction('a', { notes: 'x' })(draft);
    expect(after.workouts[1]).toBe(draft.workouts[1]);
    expect(after.workouts[0]!.instructions[1]).toBe(draft.workouts[0]!.instructions[1]);
  });
  it('finds a short name for one workout more', () => {
    expect(d.nextKey(start(workout('A'), workout('C')))).toBe('B');
    expect(d.nextKey(start(...Array.from({ length: 26 }, (_, place) => workout(String.fromCharCode(65 + place)))))).toBe('A2');
  });
});
