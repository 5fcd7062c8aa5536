import { expect, it } from 'vitest';
import { said } from '../src/i18n/said';
import { reasonOf } from '../src/i18n/why';
import { changesOf } from '../src/programs/changes';
import { caveatsOf } from '../src/progress-load/caveats';

const done = { code: 'all_done', values: { sets: { code: 'sets_at', values: { sets: { code: 'sets', values: { count: 3, each: 5 } }, weight: { weight: 80, unit: 'kg' } } }, day: { day: '2026-03-18', year: false } } };

it('says a reason from its data, as the server says it', () => {
  const more = { code: 'more', values: { why: done, step: { weight: 2.5, unit: 'kg' }, load: { weight: 82.5, unit: 'kg' } } };
  const of = { reason: 'in the words of then', inputs: { said: { code: 'whole', values: { said: more } } } };
  expect(reasonOf(of)).toBe('All 3 x 5 at 80 kg done on Mar 18, so 2.5 kg more: 82.5 kg.');
});

it('shows the words of the server for what it does not know', () => {
  expect(reasonOf({ reason: 'in the words of then' })).toBe('in the words of then');
  expect(reasonOf({ reason: 'in new words', inputs: { said: { code: 'of_tomorrow', values: {} } } })).toBe('in new words');
  expect(said(['refusal'], { code: 'of_tomorrow', values: {} })).toBeNull();
  expect(said(['refusal'], undefined)).toBeNull();
});

it('lists what changed', () => {
  const changes = { list: [{ code: 'instead', values: { said: { code: 'sets', values: { to: 4 } }, was: 3 } }, { code: 'rpe', values: { to: 8.5 } }] };
  const data = [{ code: 'named', values: { name: 'Squat (Barbell)', changes } }];
  expect(changesOf({ sentences: ['English'], said: data })).toEqual(['Squat (Barbell): 4 sets instead of 3, RPE 8.5']);
});

it('says a day of a refusal as a day, and a number as a number', () => {
  expect(said(['refusal'], { code: 'in_the_future_today', values: { today: '2026-03-18' } })).toBe('lies in the future: today is Mar 18, 2026');
  expect(said(['refusal'], { code: 'length_at_most', values: { most: 2000 } })).toBe('must have at most 2,000 characters');
});

it('says where load does not apply', () => {
  expect(caveatsOf({ days_known: 40, sessions: 9, sessions_without_load: 0 })).toEqual([]);
  expect(caveatsOf({ days_known: 0, sessions: 0, sessions_without_load: 0 })).toHaveLength(1);
  expect(caveatsOf({ days_known: 5, sessions: 9, sessions_without_load: 2 })).toHaveLength(2);
});
