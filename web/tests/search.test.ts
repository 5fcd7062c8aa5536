import { describe, expect, it } from 'vitest';
import type { ExerciseRow } from '../src/store/rows';
import { search } from '../src/training/search';

const exercise = (exercise_name: string, rank: number, aliases: string[] = []): ExerciseRow => ({ id: exercise_name, exercise_name, rank, aliases }) as unknown as ExerciseRow;
const ALL = [exercise('Bench Press (Barbell)', 1), exercise('Incline Bench Press (Dumbbell)', 2), exercise('Squat (Barbell)', 3, ['Kniebeuge']), exercise('Leg Press', 4)];
const names = (asked: string): string[] => search(asked, ALL, 5).map((each) => each.exercise_name);

describe('the search for an exercise', () => {
  it('finds by beginnings of words, names before aliases', () => expect(names('be pr')).toEqual(['Bench Press (Barbell)', 'Incline Bench Press (Dumbbell)']));
  it('knows an alias', () => expect(names('knie')).toEqual(['Squat (Barbell)']));
  it.each(['bnech pres', 'bensh press', 'benchh press', 'bech press', 'nench press'])('forgives a typing error: %s', (asked) =>
    expect(names(asked)).toEqual(['Bench Press (Barbell)', 'Incline Bench Press (Dumbbell)']));
  it('forgives none where there is an exact one', () => expect(names('leg')).toEqual(['Leg Press']));
  it('guesses nothing from short words', () => expect(names('lg')).toEqual([]));
  it('finds nothing where nothing is alike', () => expect(names('yoga')).toEqual([]));
});
