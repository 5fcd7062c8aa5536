/** Takes a row away on which nothing else hangs, so that it can be brought back. */
import { poke, settled } from '../sync/engine';
import { store, type TableName } from './db';
import { restore } from './mending';
import { overlay } from './overlay';
import type { Row } from './rows';
import { write } from './write';

// Longer than the offer to take it back is on the screen.
const HELD_MS = 8_000;

/** Returns what brings the row back, answering whether it could: once the server has been told, it needs the server. */
export async function takeAway(table: TableName, row: Row): Promise<() => Promise<boolean>> {
  const { outbox } = store();
  const mine = await outbox.where('row_id').equals(row.id).sortBy('n');
  await write([table], async () => [{ table, row_id: row.id, action: 'delete', fields: {}, local: null, held: Date.now() + HELD_MS }]);
  // What only this device knew is gone with the operation that was to make it.
  const told = (await outbox.where('row_id').equals(row.id).count()) > 0;
  setTimeout(poke, HELD_MS + 100);
  return async () => {
    await settled();
    const here = await store().transaction('rw', [store().table(table), outbox], async () => {
      const left = await outbox.where('row_id').equals(row.id).sortBy('n');
      const deletion = left.find((op) => op.action === 'delete');
      if (told && (!deletion || deletion.sent)) return false;
      // What waited for the athlete went with the deletion, and waits again.
      await outbox.bulkPut(mine.filter((op) => op.state !== 'waiting' && !left.some((each) => each.n === op.n)));
      if (deletion) await outbox.delete(deletion.n!);
      else await outbox.bulkPut(mine);
      const waiting = await outbox.where('row_id').equals(row.id).sortBy('n');
      await store().table(table).put(overlay(waiting[0]?.before ?? deletion?.before ?? null, waiting) ?? row);
      return true;
    });
    return here || !(await restore(table, row.id).catch(() => true));
  };
}
