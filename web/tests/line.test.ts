import { describe, expect, it } from 'vitest';
import { NOTHING, parse, same, split, write, type Asked } from '../src/editor/line';

const asks = (more: Partial<Asked>): Asked => ({ ...NOTHING, ...more });
const set = (more: object) => ({ kind: 'WORKING', reps_min: null, reps_max: null, percent: null, rpe: null, duration_seconds: null, ...more }) as never;

describe('a line', () => {
  it.each<[string, Partial<Asked>]>([
    ['3x8-12 @80kg r90', { sets: 3, reps_min: 8, reps_max: 12, weight: 80, weight_unit: 'kg', rest_seconds: 90 }],
    ['3 × 8–12 @ 80 kg r1:30', { sets: 3, reps_min: 8, reps_max: 12, weight: 80, weight_unit: 'kg', rest_seconds: 90 }],
    ['5x5 rpe8.5', { sets: 5, reps_min: 5, reps_max: 5, rpe: 8.5 }],
    ['5x5@8.5', { sets: 5, reps_min: 5, reps_max: 5, rpe: 8.5 }],
    ['3x45s r60', { sets: 3, duration_seconds: 45, rest_seconds: 60 }],
    ['20min 5km', { duration_seconds: 1200, distance_m: 5000 }],
    ['4x400m r2min', { sets: 4, distance_m: 400, rest_seconds: 120 }],
    ['3x', { sets: 3 }],
    ['8-', { reps_min: 8 }],
    ['-8', { reps_max: 8 }],
    ['g2', { group_number: 2 }],
    ['', {}],
    ['3x5 175lb', { sets: 3, reps_min: 5, reps_max: 5, weight: 175, weight_unit: 'lb' }],
    ['3x5 82,5 kg', { sets: 3, reps_min: 5, reps_max: 5, weight: 82.5, weight_unit: 'kg' }],
  ])('says %s', (line, more) => expect(parse(line)).toEqual({ asked: asks(more) }));

  it.each<[string, object]>([
    ['3x5 +2.5kg', { rule: 'linear', increment: 2.5, increment_unit: 'kg', deload_percent: 10, deload_after: 3 }],
    ['3x5 +5lb -20%/2', { rule: 'linear', increment: 5, increment_unit: 'lb', deload_percent: 20, deload_after: 2 }],
    ['3x5 linear +2.5kg', { rule: 'linear', increment: 2.5, increment_unit: 'kg', deload_percent: 10, deload_after: 3 }],
    ['3x8-12 +2.5kg', { rule: 'double', increment: 2.5, increment_unit: 'kg' }],
    ['3x5 75% +2.5kg tm85', { rule: 'percent', increment: 2.5, increment_unit: 'kg', training_max_percent: 85, deload_percent: 10 }],
    ['3x5 @8 rpe', { rule: 'rpe' }],
    ['3x5 fixed', { rule: 'fixed' }],
  ])('has the rule of %s', (line, rule) => expect(parse(line).asked?.progression).toEqual(rule));

  it('says sets one by one', () => {
    const { asked } = parse('w5@50%, 2x3@85%, 1+@95%@9 r180 +2.5kg');
    expect(asked?.set_targets).toEqual([
      set({ kind: 'WARMUP', reps_min: 5, reps_max: 5, percent: 50 }), set({ reps_min: 3, reps_max: 3, percent: 85 }), set({ reps_min: 3, reps_max: 3, percent: 85 }),
      set({ kind: 'AMRAP', reps_min: 1, percent: 95, rpe: 9 }),
    ]);
    expect(asked).toMatchObject({ sets: 4, rest_seconds: 180, progression: { rule: 'percent' } });
    expect(parse('5+').asked?.set_targets).toEqual([set({ kind: 'AMRAP', reps_min: 5 })]);
    expect(parse('30s, 45s').asked?.set_targets).toEqual([set({ duration_seconds: 30 }), set({ duration_seconds: 45 })]);
    expect(parse('d8, f5').asked?.set_targets?.map((each) => each.kind)).toEqual(['DROP', 'FAILURE']);
  });

  it.each([
    ['3y8', 'line.unknown', '3y8'], ['3x8 @80kg @90kg', 'line.twice', '@90kg'], ['5@80kg, 5@90kg', 'line.setWeight', '@80kg'], ['3x5 linear', 'line.noStep', 'linear'],
    ['3x5 fixed +2.5kg', 'line.step', 'fixed'], ['3x5 +2.5kg tm90', 'line.share', 'tm90'], ['101x5', 'line.tooMany', '101'], ['3x8 heavy', 'line.unknown', 'heavy'],
    ['5, , 5', 'line.unknown', ''],
  ])('is not understood: %s', (line, key, word) => expect(parse(line).fault).toEqual({ key, word }));

  it('reads back as it was written, whatever is asked', () => {
    let seed = 7;
    const dice = (sides: number): number => (seed = (seed * 48271) % 2147483647) % sides;
    const maybe = <T>(of: T[]): T | null => (dice(2) ? of[dice(of.length)]! : null);
    const target = () => {
      const min = maybe([1, 5, 8]), lasting = dice(6) ? null : 45;
      return { kind: (['WARMUP', 'WORKING', 'DROP', 'AMRAP', 'FAILURE'] as const)[dice(5)]!, reps_min: lasting ? null : min, reps_max: lasting ? null : maybe([8, 12]), percent: maybe([62.5, 75]), rpe: maybe([7, 8.5]), duration_seconds: lasting };
    };
    const rules = [{ rule: 'fixed' }, { rule: 'rpe' }, { rule: 'double', increment: 1.25, increment_unit: 'kg' }, { rule: 'linear', increment: 5, increment_unit: 'lb', deload_percent: 12.5, deload_after: 2 }, { rule: 'percent', increment: 0, increment_unit: 'kg', training_max_percent: 85, deload_percent: 5 }];
    let written = 0;
    for (let round = 0; round < 3000; round++) {
      const heavy = maybe([60, 82.5]), set_targets = dice(3) ? null : Array.from({ length: 1 + dice(4) }, target), lasting = dice(5) ? null : [45, 180][dice(2)]!;
      const asked = asks({
        sets: set_targets ? set_targets.length : maybe([1, 3]), reps_min: lasting || set_targets ? null : maybe([3, 5]), reps_max: lasting || set_targets ? null : maybe([5, 8]),
        duration_seconds: lasting, weight: heavy, weight_unit: heavy ? (['kg', 'lb'] as const)[dice(2)]! : null, percent: maybe([70]), rpe: maybe([8]),
        rest_seconds: maybe([0, 90, 180]), distance_m: maybe([400, 5000]), group_number: maybe([1, 12]), set_targets, progression: maybe(rules as never[]),
      });
      const line = write(asked);
      if (line === null) continue;
      written++;
      expect(same(parse(line).asked!, asked)).toBe(true);
    }
    // Nearly all: what no line says is an odd thing such as a set of nothing at all.
    expect(written).toBeGreaterThan(2500);
  });
});

describe('a name with a line', () => {
  it.each([
    ['bench press 3x8 @80kg', 'bench press', '3x8 @80kg'], ['plank 45s', 'plank', '45s'], ['squat', 'squat', ''], ['90/90 hip switch 3x10', '90/90 hip switch', '3x10'],
    ['squat w5@50%, 5+@85%', 'squat', 'w5@50%, 5+@85%'], ['running 5 km', 'running', '5 km'], ['row 8-12', 'row', '8-12'],
  ])('%s', (text, name, line) => expect(split(text)).toEqual({ name, line }));
});
