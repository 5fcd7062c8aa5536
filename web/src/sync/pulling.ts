/** Fetches what changed on the server, a page at a time. */
import { groupBy, slices } from '../domain/group';
import { TABLES, type Store } from '../store/db';
import { AT_ONCE, hear, heardTables, type Heard } from '../store/overlay';
import type { InstructionRow, PerformanceRow, Row, SessionRow } from '../store/rows';
import { ask, Refused } from './http';
import { idle } from '../ui/idle';
import { sync } from './state.svelte';
import type { Catalog, Pull } from './wire';

const DAY_MS = 86_400_000;
// The first time there are many pages, and somebody is at the screen meanwhile: smaller ones keep it free, and the next is on its way
// while one is written.
const FIRST_PAGE = 500;
const REST_AT_MOST_MS = 100;

/** Up to where the device has what the server has. `anew`: everything is fetched once more, and what no longer comes is dropped. */
interface Place {
  since: number;
  mark: string | null;
  anew?: boolean;
}

const START: Place = { since: 0, mark: null };
const placeOf = async (db: Store): Promise<Place> => ((await db.meta.get('place'))?.value as Place | undefined) ?? START;

/** Has everything fetched once more with the next pull. */
export const fetchAnew = async (db: Store): Promise<void> => void (await db.meta.put({ key: 'place', value: { ...START, anew: true } }));

/** Pulls until nothing is left or `ended` says so. */
export async function pull(db: Store, path: string, ended: () => boolean): Promise<void> {
  try {
    const place = await placeOf(db);
    if (place.anew) await pullAnew(db, path, ended);
    else await pullOn(db, path, place, ended);
  } catch (error) {
    if (!(error instanceof Refused) || !error.problem.type.endsWith(':sync-reset')) throw error;
    // The server was restored from a backup. What is here stays on the screens until all is here again.
    await fetchAnew(db);
    await pullAnew(db, path, ended);
  }
}

async function pullOn(db: Store, path: string, from: Place, ended: () => boolean): Promise<void> {
  let place = from;
  const first = !(await isComplete(db));
  if (first) await pullFirst(db, path);
  else foreseen = null;
  if (place.since === 0 || (await isStale(db))) await pullCatalog(db, path);
  let coming: Coming | null = null;
  for (let more = true; more && !ended(); ) {
    const page: Pull = await (coming?.after === place.since ? coming.page : fetchPage(path, place, first));
    const heard = page.changes.map(hearable);
    coming = first && page.has_more ? ahead(path, { since: page.next_since, mark: page.mark }) : null;
    if (first) await rested();
    const next = { since: page.next_since, mark: page.mark };
    place = await db.transaction('rw', heardTables(db), async () => {
      // Another tab without locks may have been quicker: then its place counts, and this page is passed over.
      const now = await placeOf(db);
      if (now.since !== place.since || now.mark !== place.mark) return now;
      await hear(db, heard);
      await db.meta.put({ key: 'place', value: next });
      // Kept with the place: should the page go away before the catalogue has come, the next pull asks for it.
      if (from.since > 0 && (await isLacking(db, heard))) await db.meta.put({ key: LACKING, value: true });
      return next;
    });
    if (place.anew) return;
    sync.share = page.head_seq ? page.next_since / page.head_seq : 1;
    more = page.has_more || place !== next;
  }
  if (ended()) return;
  if ((await db.meta.get(LACKING))?.value === true) {
    await pullCatalog(db, path);
    await db.meta.delete(LACKING);
  }
  await done(db);
}

const LACKING = 'lacking';
// For where the store is not open yet; the store's own word is the one that counts.
const COMPLETE = 'complete';
export const seemsNew = (db: Store): boolean => localStorage.getItem(COMPLETE) !== db.name;

/** A page that is on its way while another is written. */
interface Coming {
  after: number;
  page: Promise<Pull>;
}

function ahead(path: string, place: Place): Coming {
  const page = fetchPage(path, place, true);
  // Should nobody come to wait for it, its failure is nobody's.
  page.catch(() => undefined);
  return { after: place.since, page };
}

const isComplete = async (db: Store): Promise<boolean> => (await db.meta.get('complete'))?.value === true;

let foreseen: { path: string; first: ReturnType<typeof ask<Catalog>> } | null = null;

/** Asks for what the screens show first before the device's store is open: on a new device nothing else is to be waited for. */
export function foresee(path: string): void {
  const first = ask<Catalog>(`${path}/first`);
  // It is waited for in its turn, and what went wrong is told there.
  first.catch(() => undefined);
  foreseen = { path, first };
}

/** What the screens show first, before the catalogue and the years come. All of it comes again with the pages: without it one only waits. */
async function pullFirst(db: Store, path: string): Promise<void> {
  const asked = foreseen?.path === path ? foreseen.first : ask<Catalog>(`${path}/first`);
  foreseen = null;
  const heard = ((await asked).answer?.rows ?? []).map(({ table, row }) => ({ table, id: row.id, version: row.version, row }));
  await db.transaction('rw', heardTables(db), async () => {
    await hear(db, heard);
    await db.meta.put({ key: 'begun', value: true });
  });
  await rested();
}

/** Everything once more. The place is written at the very end: broken off, it begins again. */
async function pullAnew(db: Store, path: string, ended: () => boolean): Promise<void> {
  const seen = await pullCatalog(db, path, true);
  let place = START;
  for (let more = true; more; ) {
    if (ended()) return;
    const page = await fetchPage(path, place);
    await db.transaction('rw', heardTables(db), () => hear(db, page.changes.map(hearable), true));
    sync.share = page.head_seq ? page.next_since / page.head_seq : 1;
    for (const change of page.changes) seen.add(change.id);
    place = { since: page.next_since, mark: page.mark };
    more = page.has_more;
  }
  await db.transaction('rw', heardTables(db), async () => {
    for (const name of TABLES) await sweep(db, name, seen);
    await db.other.where('id').noneOf([...seen]).delete();
    await db.meta.put({ key: 'place', value: place });
  });
  await done(db);
}

async function sweep(db: Store, table: (typeof TABLES)[number], seen: ReadonlySet<string>): Promise<void> {
  const left = (await db.table(table).toCollection().primaryKeys()).filter((id) => !seen.has(id as string));
  const rows = ((await db.table(table).bulkGet(left)) as Row[]).filter((row) => row.version > 0);
  await hear(db, rows.map(({ id }) => ({ table, id, version: Infinity, row: null })));
}

async function fetchPage(path: string, { since, mark }: Place, first = false): Promise<Pull> {
  const query = new URLSearchParams({ since: String(since), ...(mark ? { mark } : {}), ...(first ? { changes: String(FIRST_PAGE) } : {}) });
  return (await ask<Pull>(`${path}?${query}`)).answer!;
}

/** Until the browser has drawn what came and has nothing better to do. */
const rested = (): Promise<void> => new Promise((done) => void idle(done, REST_AT_MOST_MS));

const hearable = ({ table, id, version, row }: Pull['changes'][number]): Heard => ({ table, id, version: version ?? Infinity, row: row as Row | null });

async function done(db: Store): Promise<void> {
  await db.meta.put({ key: 'complete', value: true });
  localStorage.setItem(COMPLETE, db.name);
}

// --- The catalogue: what is built in or somebody else's, and so in nobody's ledger --------------------------------------

interface Kept {
  etag: string | null;
  at: number;
}

const keptCatalog = async (db: Store): Promise<Kept | undefined> => (await db.meta.get('catalog'))?.value as Kept | undefined;
const isStale = async (db: Store): Promise<boolean> => Date.now() - ((await keptCatalog(db))?.at ?? 0) > DAY_MS;

/** Fetches the catalogue if it is not the one that is here; answers the ids of its rows, where it came. */
async function pullCatalog(db: Store, path: string, anew = false): Promise<Set<string>> {
  const etag = anew ? undefined : (await keptCatalog(db))?.etag;
  const got = await ask<Catalog>(`${path}/catalog`, etag ? { etag } : {});
  const rows = got.answer?.rows ?? [];
  await db.transaction('rw', heardTables(db), async () => {
    for (const [table, found] of groupBy(rows, (each) => each.table)) {
      for (const some of slices(found, AT_ONCE)) {
        const put = some.map((each) => each.row);
        if ((TABLES as readonly string[]).includes(table)) await db.table(table).bulkPut(put);
        else await db.other.bulkPut(put.map((row) => ({ ...row, table })));
      }
    }
    // A built-in workout that comes no more is none to begin.
    const come = new Set(rows.map((each) => each.row.id));
    if (rows.length) await db.workout.filter((each) => each.user_id === null && !come.has(each.id)).delete();
    await db.meta.put({ key: 'catalog', value: { etag: got.etag, at: Date.now() } });
  });
  return new Set(rows.map((each) => each.row.id));
}

/** Whether what was pulled names something of the catalogue that is not here. */
async function isLacking(db: Store, heard: readonly Heard[]): Promise<boolean> {
  const of = <T>(table: string): T[] => heard.flatMap((each) => (each.table === table && each.row ? [each.row as T] : []));
  if (of('user_program_enrollment').length || of('user_program_cycle').length) return true;
  const naming = [...of<PerformanceRow>('user_exercise_performance'), ...of<InstructionRow>('exercise_instruction')];
  const exercises = new Set(naming.map((each) => each.exercise_id));
  if ((await db.exercise.bulkGet([...exercises])).includes(undefined)) return true;
  for (const session of of<SessionRow>('user_workout_session')) {
    if (!session.workout_id) continue;
    if (!(await db.workout_revision.where('[workout_id+revision]').equals([session.workout_id, session.workout_revision]).count())) return true;
  }
  return false;
}
