import Dexie from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuid7 } from '../src/domain/ids';
import { account } from '../src/store/account.svelte';
import { deleteSession } from '../src/store/correcting';
import { openStore, store } from '../src/store/db';
import { countHanging, drop, keepTheirs, sendAgain } from '../src/store/mending';
import type { SetRow } from '../src/store/rows';
import { complete, deleteSet, editSession, editSet, logSet, startNow, type SetValues } from '../src/store/training';
import { poke, settled, startSync } from '../src/sync/engine';
import { sendable } from '../src/sync/pushing';
import { sync } from '../src/sync/state.svelte';
import { Server } from './sync-model';

const BENCH = uuid7();
const SQUAT = uuid7();
const values = (reps: number, weight = 60): SetValues => ({ reps, weight, weight_unit: 'kg', rpe: null, kind: 'WORKING', duration_seconds: null, distance_m: null, load: 'EXTERNAL', notes: null });

let server: Server;
let userId: string;
let end = (): void => undefined;

/** The page loaded anew: another Store on the same database. */
async function reload(): Promise<void> {
  end();
  await settled();
  store().close();
  openStore(`${userId}-none`);
  openStore(userId);
  end = startSync(userId);
}

/** Syncs until everything that can go has gone. */
async function rounds(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await store().outbox.toCollection().modify({ held: 0 });
    poke();
    await settled();
  }
}

const all = async <T>(table: string): Promise<T[]> => (await store().table(table).toArray()) as T[];
const outbox = () => store().outbox.orderBy('n').toArray();

/** The device has the very rows of the server, and nothing waits. */
async function expectEqual(): Promise<void> {
  expect(await outbox()).toEqual([]);
  for (const table of ['user_workout_session', 'user_exercise_performance', 'user_set_performance']) {
    const here = (await all<{ id: string; version: number }>(table)).map(({ id, version }) => `${id} ${version}`).sort();
    expect(here, table).toEqual(server.live(table).map(({ id, version }) => `${id} ${version}`).sort());
  }
  for (const set of server.live('user_set_performance')) expect(await store().user_set_performance.get(set.id)).toMatchObject(set);
}

beforeEach(() => {
  userId = uuid7();
  server = new Server(userId);
  vi.stubGlobal('fetch', server.fetch);
  vi.spyOn(console, 'error').mockImplementation((...said) => expect.fail(String(said)));
  localStorage.setItem('renewed', String(Date.now()));
  account.signedOut = false;
  openStore(userId);
  end = startSync(userId);
});

afterEach(async () => {
  end();
  await settled();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await Dexie.delete(`reptrail-${userId}`);
});

async function logged(...reps: number[]): Promise<{ session: string; sets: SetRow[] }> {
  const session = await startNow();
  const sets: SetRow[] = [];
  for (const each of reps) sets.push(await logSet({ session_id: session, exercise_id: BENCH, instruction_id: null }, values(each)));
  return { session, sets };
}

const reread = async (set: SetRow): Promise<SetRow> => (await store().user_set_performance.get(set.id))!;

describe('pushing', () => {
  it('brings a workout over, and the performance that stood in becomes the one of the server', async () => {
    const { session } = await logged(5, 6);
    await complete((await store().user_workout_session.get(session))!, { effort_rating: 7, soreness_rating: null, session_notes: null });
    await rounds();
    await expectEqual();
    expect(server.live('user_workout_session')).toMatchObject([{ session_status: 'COMPLETED', effort_rating: 7 }]);
    expect(server.live('user_set_performance').map((each) => each['reps'])).toEqual([5, 6]);
  });

  it('sends what was lost on the way back once more, and it is stored once', async () => {
    server.fate = ['down', 'lost', 'lost'];
    await logged(5, 6, 7);
    await reload();
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toHaveLength(3);
  });

  it('loses no correction made while the set is on its way', async () => {
    const { sets } = await logged(5);
    poke();
    await editSet(await reread(sets[0]!), values(8));
    await editSet(await reread(sets[0]!), values(9));
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 9 }]);
  });

  it('takes own corrections for no conflict though no answer came', async () => {
    const { sets } = await logged(5);
    await rounds();
    server.fate = ['lost', 'lost', 'down'];
    for (const reps of [6, 7, 8]) {
      await editSet(await reread(sets[0]!), values(reps));
      poke();
      await settled();
    }
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 8 }]);
  });

  it('finds the one to blame when whole requests are refused', async () => {
    const inner = server.fetch;
    vi.stubGlobal('fetch', async (path: string, init?: { body?: string; method?: string }) =>
      init?.body?.includes('"reps":7') ? new Response(JSON.stringify({ type: 'urn:reptrail:problem:malformed', title: 'Not understood', status: 400 }), { status: 400 }) : inner(path, init),
    );
    const { session } = await logged(5, 6, 7, 8);
    await editSession((await store().user_workout_session.get(session))!, { session_notes: 'x' });
    await rounds();
    expect((await outbox()).map((op) => [op.state, op.fields['reps']])).toEqual([['refused', 7]]);
    expect(server.live('user_set_performance').map((each) => each['reps'])).toEqual([5, 6, 8]);
  });

  it('sends nothing for an athlete whose login is another one by now', async () => {
    await logged(5);
    await rounds();
    const asked = server.asked.length;
    server.fate = ['signed out'];
    await logged(6);
    await rounds();
    expect(account.signedOut).toBe(true);
    expect(server.asked.length).toBe(asked + 1);
    expect((await outbox()).length).toBe(2);
    account.signedOut = false;
    await rounds();
    await expectEqual();
    expect(server.asked.every((each) => each.includes(userId))).toBe(true);
  });

  it('waits quietly for a server that is down', async () => {
    await settled();
    server.fate = Array(20).fill('down');
    await logged(5);
    await rounds();
    expect(sync.reachable).toBe(false);
    server.fate = [];
    dispatchEvent(new Event('online'));
    await rounds();
    expect(sync.reachable).toBe(true);
    await expectEqual();
  });
});

describe('what is sent at once', () => {
  const op = (table: string, row_id: string, action: string): never => ({ id: `${row_id} ${action}`, table, row_id, action, fields: {}, state: 'waiting' }) as never;
  it('leaves out what else is said of a performance until the server has named it', () => {
    const all = [op('user_exercise_performance', 'a', 'insert'), op('user_set_performance', 's', 'insert'), op('user_exercise_performance', 'a', 'update'), op('user_exercise_performance', 'b', 'update')];
    expect(sendable(all)).toEqual([all[0], all[1], all[3]]);
    expect(sendable(all.slice(2))).toHaveLength(2);
  });
});

describe('what the server refused', () => {
  it('keeps what hangs on it until it is mended', async () => {
    server.refusing = 'user_workout_session';
    await logged(5, 6);
    await rounds();
    const [op, ...later] = await outbox();
    expect([op!.state, ...later.map((each) => each.state), sync.attention]).toEqual(['refused', 'waiting', 'waiting', 1]);
    expect(await countHanging(op!)).toBe(2);
    server.refusing = null;
    await sendAgain(op!);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 5 }, { reps: 6 }]);
  });

  it('is given up with what hangs on it', async () => {
    await logged(5);
    await rounds();
    server.refusing = 'user_workout_session';
    await logged(50);
    await rounds();
    await drop((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(await all('user_set_performance')).toHaveLength(1);
  });

  it('is one with a later edit, and sent again by it', async () => {
    server.mostReps = 10;
    const { sets } = await logged(50);
    await rounds();
    await editSet(await reread(sets[0]!), { ...values(40), rpe: 8 });
    await rounds();
    expect((await outbox()).map((op) => [op.state, op.action, op.fields['reps'], op.fields['rpe']])).toEqual([['refused', 'insert', 40, 8]]);
    await editSet(await reread(sets[0]!), { ...values(4), rpe: 8 });
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 4, rpe: 8 }]);
  });

  it('does not come back after a later edit that was taken', async () => {
    const { sets } = await logged(5);
    await rounds();
    server.mostReps = 10;
    await editSet(await reread(sets[0]!), { ...values(50), notes: 'hard' });
    await rounds();
    await editSet(await reread(sets[0]!), values(9));
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 9 }]);
  });

  it('is gone with the row it was to make, also where that was deleted while it was on its way', async () => {
    server.mostReps = 10;
    const { sets } = await logged(50, 60);
    await rounds();
    expect((await outbox()).map((op) => op.state)).toEqual(['refused', 'refused']);
    await deleteSet(await reread(sets[0]!));
    expect((await outbox()).map((op) => op.row_id)).toEqual([sets[1]!.id]);
    // It may have reached the server.
    await store().outbox.toCollection().modify({ state: 'waiting', sent: true });
    await deleteSet(await reread(sets[1]!));
    await rounds();
    await expectEqual();
    expect(await all('user_set_performance')).toEqual([]);
    expect(await all('user_exercise_performance')).toEqual([]);
  });

  it('leaves later edits of the row on the screen when it is given up', async () => {
    const { sets } = await logged(5);
    await rounds();
    server.mostReps = 10;
    await editSet(await reread(sets[0]!), values(50));
    await rounds();
    server.fate = Array(9).fill('down');
    const [op] = await outbox();
    await drop(op!);
    expect(await reread(sets[0]!)).toMatchObject({ reps: 5 });
  });
});

describe('conflicts', () => {
  async function conflicting(): Promise<SetRow> {
    const { sets } = await logged(5);
    await rounds();
    server.write('user_set_performance', sets[0]!.id, { reps: 6 });
    await editSet(sets[0]!.version ? sets[0]! : await reread(sets[0]!), values(7));
    await rounds();
    expect((await outbox()).map((op) => [op.state, (op.current as SetRow).reps])).toEqual([['conflict', 6]]);
    expect(await reread(sets[0]!)).toMatchObject({ reps: 7 });
    return sets[0]!;
  }

  it('are decided for this device', async () => {
    await conflicting();
    await sendAgain((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 7 }]);
  });

  it('are decided for what this device said last, also after they were known', async () => {
    const set = await conflicting();
    await editSet(await reread(set), values(8));
    await rounds();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 6 }]);
    expect((await outbox()).map((op) => [op.state, op.fields['reps'], op.local!['reps'], (op.was as SetRow).reps, (op.current as SetRow).reps])).toEqual([['conflict', 8, 8, 8, 6]]);
    expect(await reread(set)).toMatchObject({ reps: 8 });
    await sendAgain((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 8 }]);
  });

  it('are one for a row, of edits that were on their way', async () => {
    const { sets } = await logged(5);
    await rounds();
    server.write('user_set_performance', sets[0]!.id, { reps: 6 });
    server.fate = ['down'];
    await editSet(await reread(sets[0]!), values(7));
    poke();
    await settled();
    await editSet(await reread(sets[0]!), values(8));
    await rounds();
    expect((await outbox()).map((op) => [op.state, op.fields['reps'], (op.current as SetRow).reps])).toEqual([['conflict', 8, 6]]);
    await sendAgain((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toMatchObject([{ reps: 8 }]);
  });

  it('stay one when the row is deleted after all', async () => {
    const set = await conflicting();
    await deleteSet(await reread(set));
    await rounds();
    expect((await outbox()).map((op) => [op.state, op.action, (op.current as SetRow).reps])).toEqual([['conflict', 'delete', 6]]);
    await keepTheirs((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(await reread(set)).toMatchObject({ reps: 6 });
  });

  it('are decided for the other, in its newest version', async () => {
    const set = await conflicting();
    server.write('user_set_performance', set.id, { reps: 8 });
    await rounds();
    await keepTheirs((await outbox())[0]!);
    await rounds();
    await expectEqual();
    expect(await reread(set)).toMatchObject({ reps: 8 });
  });

  it('show what was deleted elsewhere as gone, and keep the edit', async () => {
    const { sets } = await logged(5);
    await rounds();
    server.remove(sets[0]!.id);
    await editSet(await reread(sets[0]!), values(7));
    await rounds();
    const [op] = await outbox();
    expect(op).toMatchObject({ state: 'conflict', current: null, was: { reps: 7 } });
    expect(await reread(sets[0]!)).toBeUndefined();
  });
});

describe('deleting a workout', () => {
  it('takes along what the server never heard of', async () => {
    server.fate = Array(20).fill('down');
    const { session } = await logged(5, 6);
    await settled();
    await store().outbox.toCollection().modify({ sent: false });
    await deleteSession((await store().user_workout_session.get(session))!);
    expect(await outbox()).toEqual([]);
    server.fate = [];
    await rounds();
    await expectEqual();
    expect(server.changes).toEqual([]);
  });

  it('can be taken back while the server has not heard of it', async () => {
    const { session } = await logged(5, 6);
    await rounds();
    server.fate = Array(20).fill('down');
    end();
    await settled();
    const undo = await deleteSession((await store().user_workout_session.get(session))!);
    expect(await all('user_set_performance')).toEqual([]);
    expect(await undo()).toBe(true);
    server.fate = [];
    end = startSync(userId);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance')).toHaveLength(2);
  });
});

describe('pulling', () => {
  it('begins anew after a restored backup, and keeps what was not pushed', async () => {
    await logged(5);
    await rounds();
    const at = server.changes.length;
    const { sets } = await logged(6);
    await rounds();
    server.restoreBackup(at);
    server.fate = ['down'];
    const { session } = await logged(7);
    await rounds();
    await expectEqual();
    expect(server.live('user_set_performance').map((each) => each['reps'])).toEqual([5, 7]);
    expect(await reread(sets[0]!)).toBeUndefined();
    expect(await store().user_workout_session.get(session)).toBeDefined();
  });

  it('passes over an answer that is older than what is here', async () => {
    const { sets } = await logged(5);
    await rounds();
    const old = { ...(await reread(sets[0]!)) };
    await editSet(old, values(9));
    await rounds();
    const { hear, heardTables } = await import('../src/store/overlay');
    await store().transaction('rw', heardTables(store()), () => hear(store(), [{ table: 'user_set_performance', id: old.id, version: old.version, row: old }]));
    expect(await reread(sets[0]!)).toMatchObject({ reps: 9 });
  });
});

// What a device may go through, in any order. The seed is in the name, so that a walk that fails can be walked again.
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

describe('random walks', () => {
  it.each([...Array.from({ length: 24 }, (_, seed) => seed), 24, 119, 213, 218])('%i: the device ends with what the server has', async (seed) => {
    const chance = random(seed + 1);
    const one = <T>(of: readonly T[]): T | undefined => of[Math.floor(chance() * of.length)];
    let mine = 0;
    const steps: (() => Promise<unknown>)[] = [
      async () => startNow(),
      ...Array<() => Promise<unknown>>(4).fill(async () => {
        const session = one(await all<{ id: string }>('user_workout_session'));
        if (session) await logSet({ session_id: session.id, exercise_id: one([BENCH, SQUAT])!, instruction_id: null }, values(1 + (mine++ % 99)));
      }),
      ...Array<() => Promise<unknown>>(2).fill(async () => {
        const set = one(await all<SetRow>('user_set_performance'));
        if (set) await editSet(set, values(100 + mine++));
      }),
      async () => {
        const set = one(await all<SetRow>('user_set_performance'));
        if (set) await deleteSet(set);
      },
      async () => {
        const session = one(await store().user_workout_session.where('session_status').equals('IN_PROGRESS').toArray());
        if (session) await complete(session, { effort_rating: 5, soreness_rating: null, session_notes: null });
      },
      async () => {
        const session = one(await store().user_workout_session.toArray());
        if (session && chance() < 0.3) await deleteSession(session);
      },
      // The other device.
      async () => {
        const set = one(server.live('user_set_performance'));
        if (set) server.write('user_set_performance', set.id, chance() < 0.5 ? { notes: `n${mine}` } : { reps: 500 + mine++ });
      },
      async () => {
        const row = one([...server.live('user_set_performance'), ...(chance() < 0.1 ? server.live('user_workout_session') : [])]);
        if (row) server.remove(row.id);
      },
      // The way.
      async () => void server.fate.push(one(['lost', 'down', 'busy', 'too much'] as const)!),
      async () => poke(),
      async () => void (poke(), await settled()),
      reload,
    ];
    for (let step = 0; step < 60; step++) await one(steps)!();
    server.fate = [];
    await rounds();
    // The athlete decides about what is left, this way and that.
    for (let left = await outbox(), turn = 0; left.length; left = await outbox(), turn++) {
      expect(turn).toBeLessThan(100);
      const op = left.find((each) => each.state !== 'waiting')!;
      if (op.state === 'conflict' && op.current && chance() < 0.5) await sendAgain(op);
      else await drop(op);
      await rounds();
    }
    await expectEqual();
  });
});
