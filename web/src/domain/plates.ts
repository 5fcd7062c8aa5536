import type { WeightUnit } from './units';

/** What an athlete can load, in one unit. Plates come in pairs, as many as are needed. */
export interface Equipment {
  weight_unit: WeightUnit;
  bar_weight: number;
  plates: number[];
  dumbbells: number[];
  machine_step: number;
}

const from = (first: number, last: number, step: number): number[] => Array.from({ length: (last - first) / step + 1 }, (_, place) => first + place * step);

/** What most gyms have; the server's are the same (prescriptions/loading.py). */
export const USUAL: Record<WeightUnit, Equipment> = {
  kg: { weight_unit: 'kg', bar_weight: 20, plates: [25, 20, 15, 10, 5, 2.5, 1.25], dumbbells: [...from(1, 10, 1), ...from(12, 50, 2)], machine_step: 2.5 },
  lb: { weight_unit: 'lb', bar_weight: 45, plates: [45, 35, 25, 10, 5, 2.5], dumbbells: from(5, 100, 5), machine_step: 5 },
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

/** What a weight is put on: the exercise's equipment and what its weight means. */
export interface On {
  tool: string;
  load: string;
}

const OTHER_BARS = ['EZ_BAR', 'TRAP_BAR', 'SMITH_MACHINE'];
const IN_HAND = ['DUMBBELL', 'KETTLEBELL'];

/** The next weight that can be loaded above or below another, by the same rules as the server's prescriptions. */
export function nextWeight(weight: number, direction: 1 | -1, equipment: Equipment, on: On): number {
  const { bar_weight, plates, dumbbells, machine_step } = equipment;
  if ((on.load === 'ADDED' || on.load === 'BODYWEIGHT') && plates.length) return nextSum(weight, direction, 0, 1, plates);
  if (on.tool === 'BARBELL' && on.load === 'EXTERNAL' && plates.length) return nextSum(weight, direction, bar_weight, 2, plates);
  if (OTHER_BARS.includes(on.tool) && plates.length) return nextSum(weight, direction, 0, 2, plates);
  if (IN_HAND.includes(on.tool) && dumbbells.length) return nextOf(weight, direction, dumbbells);
  return nextStep(weight, direction, machine_step);
}

/** The weight nearest to another that can be loaded; the lighter of two as near. */
export function nearestWeight(weight: number, equipment: Equipment, on: On): number {
  const above = nextWeight(weight - 1 / STEPS, 1, equipment, on);
  const below = nextWeight(above, -1, equipment, on);
  return above - weight < weight - below ? above : below;
}

const tidy = (value: number): number => Math.round(value * STEPS) / STEPS;

function nextStep(weight: number, direction: 1 | -1, step: number): number {
  const steps = tidy(weight / step);
  return tidy(Math.max(0, direction > 0 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1) * step);
}

function nextOf(weight: number, direction: 1 | -1, list: number[]): number {
  const beyond = list.filter((each) => (direction > 0 ? each > weight : each < weight));
  return beyond.length ? (direction > 0 ? Math.min(...beyond) : Math.max(...beyond)) : weight;
}

function nextSum(weight: number, direction: 1 | -1, base: number, times: number, plates: number[]): number {
  const side = (weight - base) / times;
  if (side < 0) return base;
  const lightest = Math.min(...plates);
  const even = plates.every((plate) => Math.round(plate * 100) % Math.round(lightest * 100) === 0);
  const next = even ? nextStep(side, direction, lightest) : nextOf(side, direction, sums(plates));
  return tidy(base + times * next);
}

const reached = new Map<string, number[]>();
const HEAVIEST = 50_000;

/** Every sum of any number of these plates up to 500, for plates that are no multiples of the lightest. */
function sums(plates: number[]): number[] {
  const key = plates.join();
  let found = reached.get(key);
  if (!found) {
    const hit = new Uint8Array(HEAVIEST + 1);
    hit[0] = 1;
    for (const size of plates.map((plate) => Math.round(plate * 100))) {
      for (let at = size; size > 0 && at <= HEAVIEST; at++) hit[at]! |= hit[at - size]!;
    }
    reached.set(key, (found = [...hit.keys()].filter((at) => hit[at]).map((at) => at / 100)));
  }
  return found;
}
