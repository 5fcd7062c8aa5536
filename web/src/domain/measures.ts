/** Units of measurements, by their UCUM codes, as the server's catalogue has them (src/reptrail/catalog/data/metrics.toml; a test compares them). */
interface Unit {
  /** As people write it. */
  symbol: string;
  /** How many of the canonical unit of its dimension one is, exactly. */
  factor: number;
}

export const UNITS: Readonly<Record<string, Unit>> = {
  'kg': { symbol: 'kg', factor: 1 },
  'g': { symbol: 'g', factor: 0.001 },
  '[lb_av]': { symbol: 'lb', factor: 0.45359237 },
  '[stone_av]': { symbol: 'st', factor: 6.35029318 },
  'cm': { symbol: 'cm', factor: 1 },
  'm': { symbol: 'm', factor: 100 },
  'mm': { symbol: 'mm', factor: 0.1 },
  '[in_i]': { symbol: 'in', factor: 2.54 },
  '[ft_i]': { symbol: 'ft', factor: 30.48 },
  '%': { symbol: '%', factor: 1 },
  '/min': { symbol: 'bpm', factor: 1 },
  'ms': { symbol: 'ms', factor: 1 },
  'mm[Hg]': { symbol: 'mmHg', factor: 1 },
  'min': { symbol: 'min', factor: 1 },
  'h': { symbol: 'h', factor: 60 },
  '{steps}': { symbol: 'steps', factor: 1 },
  'mL/(kg.min)': { symbol: 'ml/kg/min', factor: 1 },
  'kg/m2': { symbol: 'kg/m²', factor: 1 },
};

/** A unit as people write it; a unit of an athlete's own is its own symbol, and what was entered by its symbol stays so. */
export const symbolOf = (unit: string): string => UNITS[unit]?.symbol ?? unit;

const bySymbol = new Map(Object.values(UNITS).map((each) => [each.symbol, each]));
const factorOf = (unit: string): number => (UNITS[unit] ?? bySymbol.get(unit))?.factor ?? 1;

/** A value in the canonical unit of its dimension. */
export const toCanonical = (value: number, unit: string): number => value * factorOf(unit);

/** A value of the canonical unit in another, not rounded. */
export const fromCanonical = (value: number, unit: string): number => value / factorOf(unit);

/** A value with as many decimals as the server takes. */
export const storable = (value: number): number => Math.round(value * 1e6) / 1e6;

/** What one tap of + adds: as finely as people measure. */
export function stepOf(unit: string): number {
  const steps: Record<string, number> = { 'm': 0.01, '[ft_i]': 0.1, '[in_i]': 0.25, 'cm': 0.5, 'mm': 1, 'g': 100, 'h': 0.25, 'min': 5, '{steps}': 500, '/min': 1, 'ms': 1, 'mm[Hg]': 1 };
  return steps[unit] ?? 0.1;
}

interface Bounds {
  minimum_plausible: number | null;
  maximum_plausible: number | null;
}

/** Whether a value is one that people have. One that is not may be right all the same, and is asked about. */
export function isPlausible(value: number, unit: string, { minimum_plausible, maximum_plausible }: Bounds): boolean {
  const canonical = toCanonical(value, unit);
  return canonical >= (minimum_plausible ?? -Infinity) && canonical <= (maximum_plausible ?? Infinity);
}
