/** Measurements in words. */
import { fromCanonical, symbolOf } from '../domain/measures';
import { day, number, t } from '../i18n';
import type { MeasurementRow } from '../store/rows';

/** A value with its unit. */
export const valueText = (value: number, unit: string): string => t('body.value', { value: number(value), unit: symbolOf(unit) });

/** A canonical value in another unit. */
export const shownIn = (canonical: number, unit: string): string => valueText(fromCanonical(canonical, unit), unit);

export const enteredText = (row: Pick<MeasurementRow, 'measured_value' | 'unit'>): string => valueText(row.measured_value, row.unit);

/** A day, without its year where that is this one. */
export const dayText = (on: string, today: string): string =>
  on === today ? t('day.today') : day(on, { day: 'numeric', month: 'short', ...(on.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }) });

/** A rate a week in words. What is less than the last digit shown is no change. */
export function rateText(rate: number | null, unit: string): string {
  if (rate === null) return t('body.rateNone');
  const size = number(Math.abs(rate));
  if (size === number(0)) return t('body.rateFlat');
  return t(rate > 0 ? 'body.rateUp' : 'body.rateDown', { change: valueText(Math.abs(rate), unit) });
}

/** A change with its sign. */
export const changeText = (change: number, unit: string): string => `${change > 0 ? '+' : change < 0 ? '−' : ''}${valueText(Math.abs(change), unit)}`;
