/** Repetitions up to which a one-repetition maximum is estimated. */
export const MAX_REPS = 12;

/**
 * Estimated one-repetition maximum (Epley 1985): w (1 + r/30) for 1 to 12 repetitions, those in reserve counted in where an RPE
 * is given (RIR = 10 - RPE). Null where the formula does not apply. The unit is the weight's.
 */
export function e1rm(weight: number | null, reps: number | null, rpe: number | null = null): number | null {
  if (weight === null || reps === null || weight <= 0 || reps < 1) return null;
  const all = reps + (rpe === null ? 0 : 10 - rpe);
  return all > MAX_REPS ? null : weight * (1 + all / 30);
}

interface Lifted {
  load: string;
  reps: number | null;
  weight_kg: number | null;
}

/** Volume load in kg: repetitions times weight, of sets that are no warm-ups; what an assistance takes off the body is no load. */
export const volumeKg = (sets: readonly Lifted[]): number =>
  sets.reduce((sum, set) => sum + (set.load === 'ASSISTED' ? 0 : (set.reps ?? 0) * (set.weight_kg ?? 0)), 0);
