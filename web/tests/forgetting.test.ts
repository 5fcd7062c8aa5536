import Dexie from 'dexie';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { User } from '../src/store/account.svelte';

const ANN = { id: 'ann', email: 'ann@example.org', time_zone: 'UTC' } as User;
const stored = async (): Promise<string[]> => (await Dexie.getDatabaseNames()).filter((name) => name.startsWith('reptrail-'));

/** The page as it is opened, with whoever is signed in on this device. */
async function open(): Promise<typeof import('../src/store/account.svelte').account> {
  vi.resetModules();
  const { account } = await import('../src/store/account.svelte');
  if (account.user) (await import('../src/store/db')).openStore(account.user.id);
  return account;
}

beforeEach(async () => {
  localStorage.clear();
  localStorage.setItem('user', JSON.stringify(ANN));
  localStorage.setItem('theme', 'dark');
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
});
afterEach(() => vi.unstubAllGlobals());

async function trained(): Promise<void> {
  const { store } = await import('../src/store/db');
  await store().meta.put({ key: 'draft:1', value: 'hers' });
  expect(await stored()).toEqual(['reptrail-ann']);
}

it('leaves nothing of who signed out but how the device looks', async () => {
  const account = await open();
  await trained();
  await account.signOut();
  expect(await stored()).toEqual([]);
  expect(Object.keys(localStorage)).toEqual(['theme']);
});

it('is ended by the next page where the first one went away meanwhile', async () => {
  const account = await open();
  await trained();
  const real = Dexie.delete;
  vi.spyOn(Dexie, 'delete').mockReturnValue(new Dexie.Promise<void>(() => undefined) as never); // the page is gone
  void account.signOut();
  await vi.waitFor(() => expect(account.user).toBeNull());
  expect(await stored()).toEqual(['reptrail-ann']);
  Dexie.delete = real;
  vi.restoreAllMocks();
  await open();
  await vi.waitFor(async () => expect(await stored()).toEqual([]));
  await vi.waitFor(() => expect(Object.keys(localStorage)).toEqual(['theme']));
});

it.each(['ann', 'bea'])('is over where %s is back', async (id) => {
  await open();
  await trained();
  localStorage.setItem('forgetting', `reptrail-${id}`);
  const { openStore } = await import('../src/store/db');
  openStore(id);
  expect(localStorage.getItem('forgetting')).toBeNull();
});
