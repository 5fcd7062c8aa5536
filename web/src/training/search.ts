import type { ExerciseRow } from '../store/rows';

type Fits = (asked: string, word: string) => boolean;

/**
 * Exercises that have every word asked for, at the beginning of a word of their name or aliases; names before aliases, popular first. Where
 * there is none, those that have every word but for a typing error.
 */
export function search(asked: string, exercises: ExerciseRow[], limit: number): ExerciseRow[] {
  const wanted = fold(asked).split(' ').filter(Boolean);
  const found = ranked(wanted, exercises, (one, word) => word.startsWith(one));
  return (found.length ? found : ranked(wanted, exercises, almost)).slice(0, limit);
}

function ranked(wanted: string[], exercises: ExerciseRow[], fits: Fits): ExerciseRow[] {
  const scored: { exercise: ExerciseRow; score: number }[] = [];
  for (const exercise of exercises) {
    const score = Math.min(...[exercise.exercise_name, ...exercise.aliases].map((name, place) => cost(wanted, fold(name), fits) + (place ? 10 : 0)));
    if (score < Infinity) scored.push({ exercise, score });
  }
  return scored.sort((a, b) => a.score - b.score || a.exercise.rank - b.exercise.rank).map((each) => each.exercise);
}

function cost(wanted: string[], name: string, fits: Fits): number {
  const words = name.split(' ');
  if (!wanted.every((word) => words.some((other) => fits(word, other)))) return Infinity;
  return (words[0]?.startsWith(wanted[0] ?? '') ? 0 : 3) + (words.length - wanted.length);
}

/** Without case, accents and punctuation. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** One letter wrong, missing, too many, or two in turn, in a word of four letters and more that may go on: "bnech" is bench, "sqat" begins squat. */
function almost(asked: string, word: string): boolean {
  if (word.startsWith(asked)) return true;
  if (asked.length < 4) return false;
  let at = 0;
  while (at < asked.length && asked[at] === word[at]) at++;
  const [left, right] = [asked.slice(at), word.slice(at)];
  const turned = left[0] === right[1] && left[1] === right[0] && right.slice(2).startsWith(left.slice(2));
  return turned || right.slice(1).startsWith(left) || right.startsWith(left.slice(1)) || right.slice(1).startsWith(left.slice(1));
}
