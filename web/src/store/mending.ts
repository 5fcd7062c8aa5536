/** What the athlete does about a write that the server refused or that clashes with another device's. */
import { uuid7 } from '../domain/ids';
import { poke } from '../sync/engine';
import { store, type Operation } from './db';

/** Sends it once more: as it is after a refusal, over the other version after a conflict. */
export async function sendAgain(operation: Operation): Promise<void> {
  const base_version = operation.state === 'conflict' ? (operation.current?.version ?? null) : operation.base_version;
  await store().outbox.update(operation.n!, { id: uuid7(), state: 'waiting', sent: false, after: [], base_version });
  poke();
}

/** Takes the other device's version. */
export const keepTheirs = (operation: Operation): Promise<void> => settle(operation, operation.current ?? null);

/** Gives it up: the row is again as the server has it, or gone if it never had it. */
export const drop = (operation: Operation): Promise<void> => settle(operation, operation.before);

async function settle(operation: Operation, row: Operation['before']): Promise<void> {
  const db = store();
  const table = db.table(operation.table);
  await db.transaction('rw', table, db.outbox, async () => {
    await db.outbox.delete(operation.n!);
    if (row) await table.put(row);
    else await table.delete(operation.row_id);
  });
  poke();
}
