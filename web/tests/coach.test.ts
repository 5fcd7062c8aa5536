import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { components } from '../src/api/schema';
import { compare, workSets } from '../src/coach/compare';
import { partsOf } from '../src/sharing/consent';
import { implied, whole } from '../src/sharing/scopes';

const CONSENTS = '../src/reptrail/coaching/consents';

it('shows every word of each consent, the scopes with their boxes', () => {
  for (const name of readdirSync(CONSENTS)) {
    const text = readFileSync(`${CONSENTS}/${name}`, 'utf8');
    const { before, after } = partsOf(text);
    const words = (of: string): string[] => of.split(/\s+/).filter((word) => word && !/^[#-]+$/.test(word));
    const sections = [...text.matchAll(/^## \S+:\S+\n[\s\S]*?(?=^## )/gm)].map((match) => match[0]).join('');
    const title = text.split('\n')[0]!;
    const all = words(text.replace(title, '').replace(sections, ''));
    expect(words([...before, ...after].flatMap((part) => part.lines).join(' '))).toEqual(all);
    expect(sections.match(/^## /gm)).toHaveLength(5);
  }
});

it('tells headings, paragraphs and lists apart', () => {
  const text = '# Title\n\nOne\ntwo.\n\n## training:read\nSees it.\n\n## Rules\n- First,\n  and more.\n- Second.\n';
  expect(partsOf(text)).toEqual({
    before: [{ kind: 'text', lines: ['One two.'] }],
    after: [{ kind: 'heading', lines: ['Rules'] }, { kind: 'list', lines: ['First, and more.', 'Second.'] }],
  });
});

it('takes what a scope needs with it', () => {
  expect(whole(['measurements:write', 'program:assign'])).toEqual(['training:read', 'program:assign', 'measurements:read', 'measurements:write']);
  expect([...implied(['training:read'])]).toEqual([]);
});

// --- What was asked beside what was done ---------------------------------------------------------------------------------

type Session = components['schemas']['SessionOut'];
const set = (id: string, kind: string, reps: number, weight: number) => ({ id, kind, reps, weight, weight_unit: 'kg', load: 'EXTERNAL', rpe: null, notes: null, duration_seconds: null, distance_m: null });
const asked = (set_number: number, kind: string, reps: number, weight: number) => ({ set_number, kind, reps_min: reps, reps_max: reps, weight, weight_unit: 'kg', rpe: null, duration_seconds: null, distance_m: null });
const planned = (id: string, sets: object[]) => ({ id, exercise_name: id, load: 'EXTERNAL', sets: 3, reps_min: 5, reps_max: 5, prescription: { sets, reason: 'because' } });
const sessionOf = (prescriptions: object[], performances: object[]): Session => ({ prescriptions, performances }) as unknown as Session;

it('puts each set beside the target in its place among its like', () => {
  const plan = planned('squat', [asked(1, 'WARMUP', 5, 40), asked(2, 'WORKING', 5, 100), asked(3, 'WORKING', 5, 100)]);
  const done = { exercise_instruction_id: 'squat', sets: [set('a', 'WARMUP', 8, 20), set('b', 'WARMUP', 5, 40), set('c', 'WORKING', 4, 100)] };
  const [squat] = compare(sessionOf([plan], [done]));
  expect(squat!.lines.map(({ number, target, done }) => [number, target, done])).toEqual([
    [null, '40 kg × 5', '20 kg × 8'],
    [null, null, '40 kg × 5'],
    [1, '100 kg × 5', '100 kg × 4'],
    [2, '100 kg × 5', null],
  ]);
  expect(squat!.reason).toBe('because');
});

it('shows what a session that has not begun would ask now', () => {
  const plan = { ...planned('squat', []), prescription: null };
  const preview = { exercise_instruction_id: 'squat', sets: [asked(1, 'WORKING', 5, 102.5)], reason: 'all were done' } as never;
  const [squat] = compare(sessionOf([plan], []), [preview]);
  expect(squat!.lines.map((line) => [line.target, line.done])).toEqual([['102.5 kg × 5', null]]);
  expect(squat!.reason).toBe('all were done');
  expect(compare(sessionOf([plan], []))[0]!.lines).toEqual([]);
});

it('shows what no plan names after what was planned', () => {
  const performances = [{ id: 'p', exercise_instruction_id: 'own', exercise_name: 'curl', sets: [set('d', 'WORKING', 12, 15)] }, { id: 'q', exercise_instruction_id: 'squat', sets: [] }];
  const found = compare(sessionOf([planned('squat', [])], performances));
  expect(found.map((each) => [each.exercise, each.lines.length])).toEqual([['squat', 0], ['curl', 1]]);
  expect(workSets(sessionOf([], performances))).toHaveLength(1);
  expect(compare({} as Session)).toEqual([]);
});
