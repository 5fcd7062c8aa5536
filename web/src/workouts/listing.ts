/** The list of workouts: what is looked for, and where what is being written is gone on with. */
import type { Draft } from '../editor/draft';
import type { Choice } from '../store/workouts';

/** What is kept of a workout that is being written, as far as a list shows it. */
export interface Kept {
  draft: Draft;
}

/** Those with every word in their name or in those of their exercises. */
export function matching(asked: string, all: readonly Choice[]): Choice[] {
  const words = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((each) => {
    const said = [each.name, ...each.exercises].join(' ').toLocaleLowerCase();
    return words.every((word) => said.includes(word));
  });
}

/** The editor's address for what is kept under an id: a workout's, or what a new one was made from. */
export function pathOf(id: string): string {
  const [fresh, from, of] = id.split(':');
  if (fresh !== 'new') return `/workouts/${id}/edit`;
  return from && of ? `/workouts/new?${from}=${of}` : '/workouts/new';
}
