import type { Entry } from '../store/reading';
import { isDone, isWork } from './sets';

const worked = (entry: Entry): number => entry.sets.filter(isWork).length;

/** After a set: which exercise is up, and whether there is a rest before it. In a superset each has its set before the next round begins. */
export function afterSet(entries: Entry[], done: Entry): { next: Entry; rests: boolean } {
  const group = done.instruction?.group_number;
  const place = entries.findIndex((entry) => entry.key === done.key);
  if (!group || place < 0) return { next: done, rests: true };
  const around = [...entries.slice(place + 1), ...entries.slice(0, place + 1)];
  const others = around.filter((entry) => entry.instruction?.group_number === group && !isDone(entry));
  const next = others.reduce<Entry | null>((found, entry) => (found && worked(found) <= worked(entry) ? found : entry), null) ?? done;
  return { next, rests: next.key === done.key || worked(next) >= worked(done) };
}

/** The next exercise with something left to do, in the order of the workout; null if there is none. */
export function nextOpen(entries: Entry[], after: Entry): Entry | null {
  const place = entries.findIndex((entry) => entry.key === after.key);
  return [...entries.slice(place + 1), ...entries.slice(0, Math.max(0, place))].find((entry) => !isDone(entry)) ?? null;
}
