import type { Equipment } from '../domain/plates';
import { store } from './db';

/** What the athlete said they can load; null where they said nothing and the usual holds. */
export async function readEquipment(): Promise<Equipment | null> {
  const row = await store().other.where('table').equals('user_equipment').first();
  return (row as unknown as Equipment | undefined) ?? null;
}
