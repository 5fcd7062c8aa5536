import type { ExerciseRow } from '../store/rows';

/** Exercises that have every word asked for, at the beginning of a word of their name or aliases; names before aliases, popular first. */
export function search(asked: string, exercises: ExerciseRow[], limit: number): ExerciseRow[] {
  const wanted = fold(asked).split(' ').filter(Boolean);
  const scored: { exercise: ExerciseRow; score: number }[] = [];
  for (const exercise of exercises) {
    const score = Math.min(...[exercise.exercise_name, ...exercise.aliases].map((name, place) => cost(wanted, fold(name)) + (place ? 10 : 0)));
    if (score < Infinity) scored.push({ exercise, score });
  }
  return scored.sort((a, b) => a.score - b.score || a.exercise.rank - b.exercise.rank).slice(0, limit).map((each) => each.exercise);
}

function cost(wanted: string[], name: string): number {
  const words = name.split(' ');
  if (!wanted.every((word) => words.some((other) => other.startsWith(word)))) return Infinity;
  return (words[0]?.startsWith(wanted[0] ?? '') ? 0 : 3) + (words.length - wanted.length);
}

/** Without case, accents and punctuation. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
