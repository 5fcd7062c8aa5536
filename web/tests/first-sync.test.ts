import Dexie from 'dexie';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { uuid7 } from '../src/domain/ids';
import { account } from '../src/store/account.svelte';
import { openStore, store } from '../src/store/db';
import { deleteSet, logSet, startNow } from '../src/store/training';
import { poke, settled, startSync } from '../src/sync/engine';
import { Server } from './sync-model';

const BENCH = uuid7();
const values = { reps: 5, weight: 60, weight_unit: 'kg', rpe: null, kind: 'WORKING', duration_seconds: null, distance_m: null, load: 'EXTERNAL', notes: null } as const;
const TABLES = ['user_workout_session', 'user_exercise_performance', 'user_set_performance'] as const;

let server: Server;
let userId: string;
let end = (): void => undefined;

async function visit(): Promise<void> {
  end();
  await settled();
  openStore(`${userId}-none`);
  openStore(userId);
  end = startSync(userId);
}

const isComplete = async (): Promise<boolean> => (await store().meta.get('complete'))?.value === true;

async function expectEqual(): Promise<void> {
  for (const table of TABLES) {
    const here = (await store().table<{ id: string; version: number }>(table).toArray()).map(({ id, version }) => `${id} ${version}`).sort();
    expect(here, table).toEqual(server.live(table).map(({ id, version }) => `${id} ${version}`).sort());
  }
  expect(await store().outbox.count()).toBe(0);
}

/** A history made on another device: sessions of three sets, some of them deleted since. */
function trained(sessions: number): void {
  for (let n = 0; n < sessions; n++) {
    const [session, performance] = [uuid7(), uuid7()];
    server.write('user_workout_session', session, { session_status: 'COMPLETED', history_at: `2026-01-${String(n + 1).padStart(2, '0')}T10:00:00Z` });
    server.write('user_exercise_performance', performance, { user_workout_session_id: session, exercise_id: BENCH, exercise_instruction_id: performance });
    for (let set = 1; set <= 3; set++) server.write('user_set_performance', uuid7(), { ...values, user_exercise_performance_id: performance, exercise_id: BENCH, set_number: set });
    if (n % 4 === 3) server.remove(session);
  }
}

/** Does something once, right after a request whose path has these words was answered. */
function after(words: string, task: () => void): void {
  let is = true;
  vi.stubGlobal('fetch', async (path: string, init: { method?: string; body?: string }) => {
    const answer = await server.fetch(path, init);
    if (is && path.includes(words)) [is] = [false, task()];
    return answer;
  });
}

beforeEach(() => {
  userId = uuid7();
  server = new Server(userId);
  vi.stubGlobal('fetch', server.fetch);
  vi.spyOn(console, 'error').mockImplementation((...said) => expect.fail(String(said)));
  localStorage.clear();
  localStorage.setItem('renewed', String(Date.now()));
  account.signedOut = false;
  trained(12);
});

afterEach(async () => {
  end();
  await settled();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await Dexie.delete(`reptrail-${userId}`);
});

it('ends with what the server has', async () => {
  await visit();
  await settled();
  await expectEqual();
  expect(await isComplete()).toBe(true);
});

it('keeps nothing that was deleted after it was shown first', async () => {
  after('/first', () => server.remove(server.live('user_workout_session').at(-1)!.id));
  await visit();
  await settled();
  await expectEqual();
});

it('keeps nothing that this device deleted while it was shown once more', async () => {
  server.fate = [null, null, null, 'down', 'down'] as never[];
  await visit();
  await settled();
  expect(await isComplete()).toBe(false);
  const set = (await store().user_set_performance.toArray()).at(-1)!;
  await deleteSet(set);
  await store().outbox.toCollection().modify({ held: 0 });
  await visit();
  await settled();
  await expectEqual();
  expect(await isComplete()).toBe(true);
});

it('is not taken for whole where it was ended in the middle', async () => {
  after('since=0', () => end());
  await visit();
  await settled();
  expect(await isComplete()).toBe(false);
  expect(localStorage.getItem('complete')).toBeNull();
  await visit();
  await settled();
  await expectEqual();
});

it('resumes wherever it was broken off, with what was written meanwhile', async () => {
  for (let asked = 0; asked < 12; asked++) {
    server.fate = [...Array<null>(asked % 5).fill(null), 'down', 'down'] as never[];
    await visit();
    await settled();
    if (asked === 3) await logSet({ session_id: await startNow(), exercise_id: BENCH, instruction_id: null }, values);
  }
  server.fate = [];
  poke();
  await settled();
  await expectEqual();
  const asked = server.asked.filter((each) => each.includes('since=0')).length;
  expect(asked).toBeLessThan(12);
});
