/** Days of a long time, as many as can be told apart: one of a week, or one of four weeks, counted back from the last. */
export function sampled<T>(days: readonly T[]): { every: number; days: T[] } {
  const every = days.length <= 120 ? 1 : days.length <= 800 ? 7 : 28;
  return { every, days: days.filter((_, place) => (days.length - 1 - place) % every === 0) };
}
