export type WeightUnit = 'kg' | 'lb';

/** One avoirdupois pound in kilograms, exactly (International Yard and Pound Agreement, 1959). */
export const KG_PER_LB = 0.45359237;

/** A weight in kilograms. */
export function toKg(weight: number, unit: WeightUnit): number {
  return unit === 'kg' ? weight : weight * KG_PER_LB;
}

/** Kilograms in a unit, not rounded. */
export function fromKg(kg: number, unit: WeightUnit): number {
  return unit === 'kg' ? kg : kg / KG_PER_LB;
}

/** Rounded for reading: at most two decimals, and no trace of binary fractions. */
export function readable(value: number): number {
  return Math.round(value * 100) / 100;
}
