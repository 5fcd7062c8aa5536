import { describe, expect, it } from 'vitest';
import { nearestWeight, nextWeight, USUAL } from '../src/domain/plates';
import { Bests, brokenBy, type Lifted } from '../src/domain/records';
import { targetsOf } from '../src/domain/targets';
import type { Entry } from '../src/store/reading';
import type { InstructionRow, SetRow } from '../src/store/rows';
import { afterSet, nextOpen } from '../src/training/order';
import { asksFor, firstValues, isDone, linesOf, loadsOf, setText, targetText } from '../src/training/sets';

const bar = { tool: 'BARBELL', load: 'EXTERNAL' };

const asked = (of: Partial<InstructionRow> = {}): InstructionRow => ({
  id: 'i', version: 1, workout_id: 'w', revision: 1, position: 1, exercise_id: 'bench', group_number: null, sets: 3, reps_min: 5, reps_max: 8, weight: 60,
  weight_unit: 'kg', rpe: null, rest_seconds: null, duration_seconds: null, distance_m: null, set_targets: null, instruction_notes: null, ...of,
});

const set = (of: Partial<SetRow> = {}): SetRow => ({
  id: String(Math.random()), version: 1, user_exercise_performance_id: 'p', exercise_id: 'bench', set_number: 1, kind: 'WORKING', reps: 5, weight: 60, weight_unit: 'kg',
  weight_kg: 60, load: 'EXTERNAL', duration_seconds: null, distance_m: null, rpe: null, completed_at: null, notes: null, ...of,
});

const entry = (instruction: InstructionRow | null, sets: SetRow[] = [], key = 'bench'): Entry => ({
  key, exercise_id: key, exercise: undefined, instruction, performance: null, prescription: null, sets,
});

describe('what can be loaded next', () => {
  it('goes by pairs of the smallest plate on a bar, and not below it', () => {
    expect(nextWeight(60, 1, USUAL.kg, bar)).toBe(62.5);
    expect(nextWeight(61, -1, USUAL.kg, bar)).toBe(60);
    expect(nextWeight(20, -1, USUAL.kg, bar)).toBe(20);
    expect(nextWeight(10, 1, USUAL.kg, bar)).toBe(20);
    expect(nextWeight(135, 1, USUAL.lb, bar)).toBe(140);
  });
  it('knows plates that are no multiples of each other', () => {
    const odd = { ...USUAL.kg, plates: [10, 4, 3] };
    expect([20, 26, 28, 32, 34].map((weight) => nextWeight(weight, 1, odd, bar))).toEqual([26, 28, 32, 34, 36]);
  });
  it('takes dumbbells from the rack, stacks by their step, and single plates on the body', () => {
    expect(nextWeight(10, 1, USUAL.kg, { tool: 'DUMBBELL', load: 'EXTERNAL' })).toBe(12);
    expect(nextWeight(50, 1, USUAL.kg, { tool: 'DUMBBELL', load: 'EXTERNAL' })).toBe(50);
    expect(nextWeight(41, 1, USUAL.kg, { tool: 'CABLE', load: 'EXTERNAL' })).toBe(42.5);
    expect(nextWeight(10, 1, USUAL.kg, { tool: 'BODYWEIGHT', load: 'ADDED' })).toBe(11.25);
  });
  it('finds the nearest', () => {
    expect(nearestWeight(132.28, USUAL.lb, bar)).toBe(130);
    expect(nearestWeight(133, USUAL.lb, bar)).toBe(135);
    expect(nearestWeight(60, USUAL.kg, bar)).toBe(60);
  });
});

describe('records', () => {
  const lift = (reps: number | null, weight_kg: number | null, of: Partial<Lifted> = {}): Lifted => ({ reps, weight_kg, load: 'EXTERNAL', kind: 'WORKING', rpe: null, duration_seconds: null, distance_m: null, ...of });
  const bests = (...sets: Lifted[]): Bests => {
    const made = new Bests();
    sets.forEach((each) => made.take(each));
    return made;
  };
  it('are not broken by the first set, by warm-ups or by help', () => {
    expect(new Bests().take(lift(5, 100))).toEqual([]);
    const before = bests(lift(5, 100));
    expect(before.take(lift(5, 120, { kind: 'WARMUP' }))).toEqual([]);
    expect(before.take(lift(5, 120, { load: 'ASSISTED' }))).toEqual([]);
  });
  it('are of weight, of the estimate, and of repetitions with a weight', () => {
    expect(bests(lift(5, 100)).take(lift(5, 105)).map((each) => each.kind)).toEqual(['HEAVIEST_WEIGHT', 'BEST_E1RM']);
    expect(bests(lift(5, 100), lift(3, 110)).take(lift(6, 100))).toEqual([
      { kind: 'BEST_E1RM', value: 120, before: 121 }, { kind: 'MOST_REPS_AT_WEIGHT', value: 6, before: 5, at_kg: 100 },
    ].slice(1));
  });
  it('need as many repetitions at no heavier weight', () => {
    expect(bests(lift(5, 100), lift(8, 110)).take(lift(7, 100))).toEqual([]);
  });
  it('are of time and distance', () => {
    expect(bests(lift(null, null, { duration_seconds: 60 })).take(lift(null, null, { duration_seconds: 61 }))).toEqual([{ kind: 'LONGEST', value: 61, before: 60 }]);
  });
  it('of a session are told once, by the set that stands, against what was before the session', () => {
    const before = bests(lift(5, 100));
    const found = brokenBy(before, [lift(5, 105), lift(5, 110)]);
    expect(found.map(({ place, records }) => [place, records.map((each) => [each.kind, each.before])])).toEqual([[1, [['HEAVIEST_WEIGHT', 100], ['BEST_E1RM', 116.667]]]]);
    expect(before.take(lift(5, 101))).not.toEqual([]);
  });
});

describe('targets', () => {
  it('are those of the instruction for each of its sets', () => {
    expect(targetsOf(asked(), null).map((each) => targetText(each, 'EXTERNAL', 'kg'))).toEqual(['60 × 5–8', '60 × 5–8', '60 × 5–8']);
    expect(targetsOf(null, null)).toEqual([]);
  });
  it('say where sets differ, and as many as possible', () => {
    const plan = asked({ reps_max: 5, set_targets: [{ kind: 'WARMUP', reps_min: 10 }, {}, { kind: 'AMRAP', reps_min: 5 }] });
    expect(targetsOf(plan, null).map((each) => targetText(each, 'EXTERNAL', 'kg'))).toEqual(['60 × 10', '60 × 5', '60 × 5+']);
  });
  it('are the prescription where there is one', () => {
    const prescription = { sets: [{ ...targetsOf(asked(), null)[0]!, weight: 65 }] };
    expect(targetsOf(asked(), prescription as never).map((each) => each.weight)).toEqual([65]);
  });
});

describe('the lines of an exercise', () => {
  it('are done, up and ahead, each beside the last time', () => {
    const lines = linesOf(entry(asked(), [set()]), [set({ reps: 8 }), set({ reps: 7 })]);
    expect(lines.map((line) => [line.number, line.state, line.last?.reps ?? null])).toEqual([[1, 'done', 8], [2, 'up', 7], [3, 'ahead', null]]);
    expect(isDone(entry(asked(), [set(), set(), set()]))).toBe(true);
  });
  it('are as many as the last time without a plan, and always one more', () => {
    expect(linesOf(entry(null), [set(), set()]).map((line) => line.state)).toEqual(['up', 'ahead']);
    expect(linesOf(entry(null, [set(), set()]), [set()]).map((line) => line.state)).toEqual(['done', 'done', 'up']);
    expect(isDone(entry(null, [set()]))).toBe(false);
  });
  it('number working sets alone', () => {
    expect(linesOf(entry(null, [set({ kind: 'WARMUP' }), set()]), []).map((line) => line.number)).toEqual([null, 1, 2]);
  });
});

describe('the next set begins', () => {
  it('as planned, with repetitions of the last time held within the range', () => {
    expect(firstValues(entry(asked()), [set({ reps: 7, weight: 57.5 })], 'kg')).toMatchObject({ weight: 60, reps: 7, kind: 'WORKING' });
    expect(firstValues(entry(asked()), [set({ reps: 12 })], 'kg').reps).toBe(8);
  });
  it('with the weight that the athlete chose for the set before, where the plan asks the same', () => {
    expect(firstValues(entry(asked(), [set({ weight: 55 })]), [], 'kg').weight).toBe(55);
  });
  it('in the unit of the athlete', () => {
    expect(firstValues(entry(null), [set({ weight: 100 })], 'lb').weight).toBe(220.46);
  });
});

describe('a set in words', () => {
  it('says what the weight means', () => {
    expect(setText(set({ load: 'ADDED', weight: 10 }))).toBe('+10 kg × 5');
    expect(setText(set({ load: 'ASSISTED', weight: 20 }), 'kg')).toBe('−20 × 5');
    expect(setText(set({ weight: null, weight_unit: null, load: 'BODYWEIGHT' }))).toBe('5 reps');
    expect(setText(set({ weight: 135, weight_unit: 'lb', rpe: 8.5 }), 'kg')).toBe('135 lb × 5 @ 8.5');
    expect(setText(set({ reps: null, weight: null, weight_unit: null, distance_m: 1500, duration_seconds: 330 }))).toBe('1.5 km · 5:30');
  });
  it('asks for weight on the body only where it is added or taken off', () => {
    const pull = { tracks: 'REPS_WEIGHT', load: 'BODYWEIGHT' } as never;
    expect(loadsOf(pull)).toEqual(['BODYWEIGHT', 'ADDED', 'ASSISTED']);
    expect([asksFor(pull, 'BODYWEIGHT').weight, asksFor(pull, 'ADDED').weight]).toEqual([false, true]);
  });
});

describe('a superset', () => {
  const a = (sets: number): Entry => entry(asked({ group_number: 1 }), Array.from({ length: sets }, () => set()), 'a');
  const b = (sets: number, most = 3): Entry => entry(asked({ group_number: 1, sets: most }), Array.from({ length: sets }, () => set()), 'b');
  it('goes round, and rests after the round', () => {
    expect(afterSet([a(1), b(0)], a(1))).toMatchObject({ next: { key: 'b' }, rests: false });
    expect(afterSet([a(1), b(1)], b(1))).toMatchObject({ next: { key: 'a' }, rests: true });
  });
  it('stays with what is left', () => {
    expect(afterSet([a(2), b(1, 1)], a(2))).toMatchObject({ next: { key: 'a' }, rests: true });
  });
  it('leads on to what is open', () => {
    expect(nextOpen([a(3), b(3), entry(asked(), [], 'c')], a(3))?.key).toBe('c');
    expect(nextOpen([a(3), b(3)], b(3))).toBeNull();
  });
});
