/** An athlete as their coach sees them. Nothing of it is kept on the device: it is another's, and may be taken back at any time. */
import { untrack } from 'svelte';
import { api } from '../api/client';
import type { components } from '../api/schema';
import { dayOf } from '../domain/days';
import { account } from '../store/account.svelte';
import { Live } from '../sync/live';
import { Remote } from '../ui/remote.svelte';

type Listed = components['schemas']['CoachedAthlete'];

export interface Coached extends Listed {
  /** The zone the athlete lives in, and the day it is there: known to who may see the training. */
  zone: string;
  today: string;
}

/** Null where there is no such athlete, or no more. */
export interface Found {
  athlete: Coached | null;
}

const PAGE = 200;
// Between the parts of one athlete's screen what is known is shown at once, while it is asked for again.
let last: Coached | null = null;

/** Asks for an athlete of one's own. */
export function findAthlete(id: () => string): Remote<Found> {
  const found = new Remote<Found>(async () => {
    const { data, error } = await listed(id());
    if (error !== undefined) return { error };
    const athlete = data ? { ...data, ...(await whereabouts(data)) } : null;
    last = athlete;
    return { data: { athlete } };
  });
  if (last?.athlete_id === id()) found.value = { athlete: last };
  void found.load();
  return found;
}

/** The list knows who is whose, and what each lets one see. */
async function listed(id: string): Promise<{ data?: Listed | undefined; error?: unknown }> {
  for (let cursor: string | undefined; ; ) {
    const { data, error } = await api.GET('/api/v1/coach/athletes', { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } });
    const found = data?.items.find((each) => each.athlete_id === id);
    if (!data || found || !data.next_cursor) return { data: found, error };
    cursor = data.next_cursor;
  }
}

async function whereabouts({ athlete_id, scopes }: Listed): Promise<{ zone: string; today: string }> {
  const zone = last?.athlete_id === athlete_id ? last.zone : null;
  if (zone) return { zone, today: dayOf(Date.now(), zone) };
  const { data } = scopes.includes('training:read') ? await api.GET('/api/v1/athletes/{athlete}/calendar', { params: { path: { athlete: athlete_id } } }) : {};
  return { zone: data?.time_zone ?? account.zone, today: data?.today ?? dayOf(Date.now(), account.zone) };
}

/** Nobody's any more: what was known of them is forgotten. */
export const forget = (): void => void (last = null);

/** Asks again when something of the athlete's has changed since the component was set up; `moves` counts the changes heard of. */
export function again(moves: () => number, load: () => unknown): void {
  const begun = untrack(moves);
  $effect(() => {
    if (moves() !== begun) void load();
  });
}

const TOGETHER_MS = 300;
// A stream begins by saying where it stands. What was fetched since is that new, and is not fetched twice.
const heard = new Map<string, number>();

/** Listens for changes of an athlete's, while the component stands; `onbroken` where the stream ends, such as with the consent. */
export function watch(id: () => string, onchange: () => void, onbroken: () => void): void {
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A set is several changes: they are asked for once.
    const soon = (seq: number): void => {
      if (heard.get(id()) === seq) return;
      heard.set(id(), seq);
      clearTimeout(timer);
      timer = setTimeout(onchange, TOGETHER_MS);
    };
    const live = new Live(`/api/v1/athletes/${id()}/live`, soon, onbroken);
    const visible = (): void => (document.visibilityState === 'visible' ? live.open(true) : live.close());
    document.addEventListener('visibilitychange', visible);
    live.open();
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', visible);
      live.close();
    };
  });
}
