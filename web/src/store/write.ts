import { uuid7 } from '../domain/ids';
import { t } from '../i18n';
import { poke } from '../sync/engine';
import { toasts } from '../ui/toasts.svelte';
import { store, type Operation, type TableName } from './db';
import { dropStandIn } from './overlay';
import type { Row } from './rows';
import { deleteStuck, editStuck } from './stuck';

/** One change to one row: what the server is told (`fields`) and what the device shows until it answers (`local`). */
export type Change = Pick<Operation, 'table' | 'row_id' | 'action' | 'fields' | 'local'> & Partial<Pick<Operation, 'verb' | 'held'>>;

/**
 * Writes changes to the rows and to the outbox in one transaction of the device: either both are kept or neither is. The screens show it
 * at once; the rest is the sync's.
 */
export async function write(tables: (TableName | 'meta')[], changes: () => Promise<Change[]>): Promise<void> {
  const db = store();
  const task = db.transaction('rw', [...tables.map((name) => db.table(name)), db.user_exercise_performance, db.user_set_performance, db.outbox], async () => {
    for (const change of await changes()) await apply(change);
  });
  // No room on the device, or a browser that will not write: nothing of it is kept or shown, so it must not look as if it were.
  await task.catch((error: unknown) => {
    toasts.say(t('store.failed'));
    throw error;
  });
  poke();
}

async function apply(change: Change): Promise<void> {
  const db = store();
  const table = db.table(change.table);
  const shown = ((await table.get(change.row_id)) as Row | undefined) ?? null;
  const was = change.local === null ? shown : { version: 0, ...shown, ...change.local, id: change.row_id };
  if (change.local === null) await table.delete(change.row_id);
  else await table.put(was!);
  const mine = await db.outbox.where('row_id').equals(change.row_id).sortBy('n');
  const last = mine.at(-1);
  if (last && (await merge(last, change, was))) return;
  if (change.action === 'update' && (await editStuck(db, mine, { fields: change.fields, local: change.local, was }))) return;
  const seen = change.action === 'delete' ? await deleteStuck(db, mine) : undefined;
  if (seen === false) return;
  const before = mine.length ? mine[0]!.before : shown?.version ? shown : null;
  const after = mine.map((op) => op.id);
  const base_version = seen === undefined ? (before?.version ?? null) : seen;
  await db.outbox.add({ id: uuid7(), at: new Date().toISOString(), state: 'waiting', sent: false, before, was, after, base_version, ...change });
}

/** What waits for the same row is made one with it, so that a weight corrected twice in a basement is one write. */
async function merge(last: Operation, change: Change, was: Row | null): Promise<boolean> {
  if (last.sent || last.state !== 'waiting' || (last.action !== 'insert' && last.action !== 'update')) return false;
  const { outbox } = store();
  if (change.action === 'update') {
    await outbox.update(last.n!, { fields: { ...last.fields, ...change.fields }, local: { ...last.local, ...change.local }, was });
    return true;
  }
  if (change.action === 'delete' && last.action === 'insert') {
    await outbox.delete(last.n!);
    if (was && 'user_exercise_performance_id' in was) await dropStandIn(store(), was.user_exercise_performance_id as string);
    return true;
  }
  return false;
}
