import type { ExerciseRow } from '../store/rows';

const ALIKE = 0.3;

/** The exercises whose names share the most words with a name of a file, the likeliest first; those that share hardly any are not suggested. */
export function suggest(name: string, exercises: ExerciseRow[], limit = 3): ExerciseRow[] {
  const wanted = words(name);
  const scored = exercises.map((exercise) => ({ exercise, score: Math.max(...[exercise.exercise_name, ...exercise.aliases].map((other) => alike(wanted, words(other)))) }));
  const likely = scored.filter((each) => each.score >= ALIKE);
  return likely.sort((a, b) => b.score - a.score || a.exercise.rank - b.exercise.rank).slice(0, limit).map((each) => each.exercise);
}

/** Words in common, as a share of all words of the two (Jaccard 1901). */
function alike(one: Set<string>, other: Set<string>): number {
  const both = [...one].filter((word) => other.has(word)).length;
  return both / (one.size + other.size - both || 1);
}

/** Without case, accents, punctuation and the s of the plural. */
function words(name: string): Set<string> {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new Set(plain.filter(Boolean).map((word) => (word.length > 3 ? word.replace(/s$/, '') : word)));
}
