import type { components } from '../api/schema';
import { said } from '../i18n/said';

/** What a later revision of a program says otherwise, in sentences. */
export const changesOf = (difference: Pick<components['schemas']['Difference'], 'sentences' | 'said'>): string[] =>
  difference.sentences.map((sentence, place) => said(['change'], difference.said?.[place]) ?? sentence);
