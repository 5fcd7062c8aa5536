import type { WeightUnit } from './units';

/** What an athlete can load, in one unit. Plates come in pairs, as many as are needed. */
export interface Equipment {
  weight_unit: WeightUnit;
  bar_weight: number;
  plates: number[];
  dumbbells: number[];
  machine_step: number;
}

export const USUAL: Record<WeightUnit, Equipment> = {
  kg: { weight_unit: 'kg', bar_weight: 20, plates: [25, 20, 15, 10, 5, 2.5, 1.25], dumbbells: [], machine_step: 2.5 },
  lb: { weight_unit: 'lb', bar_weight: 45, plates: [45, 35, 25, 10, 5, 2.5], dumbbells: [], machine_step: 5 },
};

export interface Loaded {
  /** Plates on one side, heaviest first, each as often as it is used. */
  side: number[];
  /** What cannot be loaded: the weight asked for less what stands on the bar. */
  missing: number;
}

// Grams and hundredths of a pound: plates of 1.25 add up without binary fractions.
const STEPS = 1000;

/** The plates of one side of a bar for a weight, heaviest first. */
export function platesFor(weight: number, equipment: Equipment): Loaded {
  let rest = Math.round(((weight - equipment.bar_weight) / 2) * STEPS);
  const side: number[] = [];
  for (const plate of [...equipment.plates].sort((a, b) => b - a)) {
    const size = Math.round(plate * STEPS);
    while (size > 0 && rest >= size) {
      side.push(plate);
      rest -= size;
    }
  }
  return { side, missing: (2 * rest) / STEPS };
}
