import { afterEach, describe, expect, it, vi } from 'vitest';
import { Unreachable } from '../src/api/client';
import type { Operation } from '../src/store/db';
import { differences } from '../src/sync/fields';
import { inTurn, once } from '../src/ui/once';
import { Remote } from '../src/ui/remote.svelte';

const conflict = (table: Operation['table'], local: Record<string, unknown>, current: Record<string, unknown>): Operation => ({
  id: 'o', table, row_id: 'r', action: 'update', base_version: 1, after: [], fields: local, at: '', local, before: null, was: null, sent: true, state: 'conflict',
  current: { id: 'r', version: 2, ...current },
});

describe('two versions of a row', () => {
  it('are told apart by what the words for the row do not say', () => {
    const goal = conflict('user_goal', { target_value: 75, goal_notes: 'by summer' }, { target_value: 74, goal_notes: null });
    expect(differences(goal)).toEqual([{ field: 'Notes', yours: 'by summer', theirs: 'nothing' }]);
    const plates = conflict('user_equipment', { plates: [20, 2.5], bar_weight: 15, machine_step: 5 }, { weight_unit: 'lb', plates: [45], bar_weight: 15, machine_step: 10 });
    expect(differences(plates).map(({ field, yours, theirs }) => [field, yours, theirs])).toEqual([
      ['Plates, in pairs', '20, 2.5', '45'],
      ['Machines go up in steps of (lb)', '5', '10'],
    ]);
  });

  it('are the same at the same moment, however it is written', () => {
    expect(differences(conflict('user_workout_session', { started_at: '2026-03-01T07:00:00Z' }, { started_at: '2026-03-01T07:00:00+00:00' }))).toEqual([]);
  });

  it('are not told apart where there is but one', () => {
    expect(differences({ ...conflict('user_goal', { goal_notes: 'x' }, {}), current: null })).toEqual([]);
  });
});

describe('once', () => {
  it('does nothing while it is done, and goes on after a failure', async () => {
    let fail = true;
    let done = 0;
    const task = once(async () => {
      done++;
      await Promise.resolve();
      if (fail) throw new Error('no room');
    });
    await expect(Promise.all([task(), task()])).rejects.toThrow('no room');
    fail = false;
    await task();
    expect(done).toBe(2);
  });
});

describe('in turn', () => {
  it('loses nothing that is pressed meanwhile, does nothing twice, and goes on after a failure', async () => {
    const done: string[] = [];
    const act = inTurn(async (verb: string) => {
      done.push(`${verb} begins`);
      await Promise.resolve();
      if (verb === 'pause') throw new Error('no');
      done.push(`${verb} ends`);
    });
    const all = await Promise.allSettled([act('pause'), act('resume'), act('resume'), act('cancel'), act('pause')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(done).toEqual(['pause begins', 'resume begins', 'resume ends', 'cancel begins', 'cancel ends']);
    await act('resume');
    expect(done.length).toBe(7);
  });
});

describe('what the server alone knows', () => {
  afterEach(() => vi.restoreAllMocks());

  it('needs the server where it cannot be reached, and a bug is no missing server without a word', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const offline = new Remote(() => Promise.reject(new Unreachable('gone')));
    await offline.load();
    expect(offline.failed).not.toBeNull();
    expect(said).not.toHaveBeenCalled();
    const broken = new Remote(() => Promise.reject(new TypeError('x is undefined')));
    await broken.load();
    expect(said).toHaveBeenCalledOnce();
  });
});
