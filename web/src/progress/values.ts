/** Values of reports in words. Weights come in the athlete's unit already. */
import type { components } from '../api/schema';
import { clock, day, number, t, weight } from '../i18n';
import type { SetRow } from '../store/rows';
import { distanceText, setText } from '../training/sets';

export type RecordOut = components['schemas']['ProgressRecordOut'];
export type SetOf = Pick<RecordOut, 'reps' | 'weight' | 'weight_unit' | 'load' | 'rpe' | 'duration_seconds' | 'distance_m'>;

/** A weight to the tenth: an estimate is no surer. */
export const weightText = (value: number, unit: string): string => weight(Math.round(value * 10) / 10, unit);

/** The value of a record, or of what stood before it. */
export const recordValue = ({ unit }: Pick<RecordOut, 'unit'>, value: number): string =>
  unit === 's' ? clock(value) : unit === 'm' ? distanceText(value) : unit === 'reps' ? t('set.repsText', { reps: number(value) }) : weightText(value, unit);

/** What a record is of. */
export const recordKind = (record: RecordOut): string =>
  t(`record.${record.kind as 'LONGEST'}`, { weight: record.weight && record.weight_unit ? weight(record.weight, record.weight_unit) : t('load.BODYWEIGHT') });

/** A set as it was entered. */
export const setWords = (set: SetOf): string => setText(set as SetRow);

/** Minutes as hours and minutes. */
export const timeText = (minutes: number): string =>
  minutes < 60 ? t('progress.minutes', { count: minutes }) : t('progress.hours', { hours: number(Math.floor(minutes / 60)), minutes: number(minutes % 60) });

/** How much more or less, as the arrow and the words. */
export function changeText(change: number, format: (value: number) => string): { arrow: string; words: string } {
  if (change === 0) return { arrow: '=', words: t('progress.same') };
  const value = format(Math.abs(change));
  return change > 0 ? { arrow: '↑', words: t('progress.more', { value }) } : { arrow: '↓', words: t('progress.less', { value }) };
}

/** From a day to another; the year is said once where it is the same. */
export function spanText(from: string, to: string): string {
  const same = from.slice(0, 4) === to.slice(0, 4);
  return `${day(from, { day: 'numeric', month: 'short', ...(same ? {} : { year: 'numeric' }) })} – ${day(to, { day: 'numeric', month: 'short', year: 'numeric' })}`;
}
