/** What the athlete can load: said on the device, as everything else, and sent when there is signal. */
import type { Equipment } from '../domain/plates';
import { store } from './db';
import { write } from './write';

/** What the athlete said they can load; null where they said nothing and the usual holds. */
export const readEquipment = async (): Promise<Equipment | null> => (await store().user_equipment.toCollection().first()) ?? null;

/** Says what can be loaded: of what was said before only what is different, so that two devices do not undo each other. */
export async function saveEquipment(athlete_id: string, now: Equipment): Promise<void> {
  await write(['user_equipment'], async () => {
    const before = await store().user_equipment.get(athlete_id);
    const differs = (name: keyof Equipment): boolean => !before || String(before[name]) !== String(now[name]);
    const names = (['weight_unit', 'bar_weight', 'plates', 'dumbbells', 'machine_step'] as const).filter(differs);
    if (!names.length) return [];
    const fields = Object.fromEntries(names.map((name) => [name, now[name]]));
    return [{ table: 'user_equipment', row_id: athlete_id, action: before ? 'update' : 'insert', fields, local: fields }];
  });
}
