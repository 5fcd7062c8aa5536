import { describe, expect, it } from 'vitest';
import { suggest } from '../src/settings/suggest';
import type { ExerciseRow } from '../src/store/rows';

const exercise = (exercise_name: string, rank: number, aliases: string[] = []): ExerciseRow => ({ id: exercise_name, exercise_name, rank, aliases }) as unknown as ExerciseRow;
const ALL = [exercise('Bench Press (Barbell)', 1), exercise('Incline Bench Press (Dumbbell)', 2), exercise('Squat (Barbell)', 3, ['Kniebeuge']), exercise('Running', 4)];
const names = (asked: string): string[] => suggest(asked, ALL).map((each) => each.exercise_name);

describe('suggestions for a name of a file', () => {
  it('come by shared words, the likeliest first', () => expect(names('Barbell Bench')).toEqual(['Bench Press (Barbell)', 'Squat (Barbell)']));
  it('forgive accents and plurals', () => expect(names('Squáts, barbell')).toEqual(['Squat (Barbell)']));
  it('know an alias', () => expect(names('kniebeuge')).toEqual(['Squat (Barbell)']));
  it('are none where nothing is alike', () => expect(names('Yoga am Morgen')).toEqual([]));
});
