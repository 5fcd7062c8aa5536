import type { InstructionRow, PrescriptionRow, SetTarget } from '../store/rows';

/** What each set of an exercise is to be: as prescribed when the session began, else as the workout says. */
export function targetsOf(instruction: InstructionRow | null, prescription: PrescriptionRow | null): SetTarget[] {
  if (prescription?.sets.length) return prescription.sets;
  if (!instruction) return [];
  const { weight, weight_unit, duration_seconds, distance_m } = instruction;
  const asked = instruction.set_targets ?? Array.from({ length: instruction.sets ?? 0 }, () => ({}) as Partial<SetTarget>);
  return asked.map((each, place) => {
    const own = (each.reps_min ?? null) !== null || (each.reps_max ?? null) !== null;
    const kind = each.kind ?? 'WORKING';
    return {
      set_number: place + 1, kind, weight, weight_unit, distance_m,
      reps_min: own ? (each.reps_min ?? null) : instruction.reps_min,
      reps_max: own ? (each.reps_max ?? null) : instruction.reps_max,
      rpe: each.rpe ?? (kind === 'WARMUP' ? null : instruction.rpe),
      duration_seconds: each.duration_seconds ?? duration_seconds,
    };
  });
}
