/** A forecast in words, and as the lines of a chart. */
import type { components } from '../api/schema';
import { dayNumber, type Interval, type Point } from '../charts/scale';
import { day as dayText, rounded, t, type Key } from '../i18n';
import { changeText, rateText } from './words';

export type Forecast = components['schemas']['ForecastOut'];

const date = (on: string): string => dayText(on, { day: 'numeric', month: 'short', year: 'numeric' });

/** A chance as people say it. */
export function chanceWords(chance: number): string {
  const steps: [number, Key][] = [[0.9, 'chance.veryLikely'], [0.65, 'chance.likely'], [0.35, 'chance.even'], [0.1, 'chance.unlikely'], [0, 'chance.veryUnlikely']];
  return t(steps.find(([from]) => chance >= from)![1]);
}

/** A chance in percent, never surer than a forecast can be. */
export const chancePercent = (chance: number): string => (chance < 0.01 ? '< 1 %' : chance > 0.99 ? '> 99 %' : `${rounded(chance * 100)} %`);

/** When the line meets the target, and between which days it may. */
export function arrivalWords({ arrival }: Forecast): string | null {
  if (!arrival) return null;
  if (!arrival.day) return arrival.earliest ? t('goal.arrivesMaybe', { earliest: date(arrival.earliest) }) : t('goal.arrivesNever');
  const said = { day: date(arrival.day), earliest: date(arrival.earliest ?? arrival.day) };
  return arrival.latest ? t('goal.arrives', { ...said, latest: date(arrival.latest) }) : t('goal.arrivesOpen', said);
}

/** Whether it moves at all. */
export function standstillWords({ standstill, exercise_id, unit }: Forecast): string {
  const { movement, since, rate_per_week, best_day } = standstill;
  const from = since ? date(since) : '';
  if (exercise_id && (movement === 'PLATEAU' || movement === 'CHANGING')) return t(movement === 'PLATEAU' ? 'still.liftPlateau' : 'still.liftChanging', { since: from, best: best_day ? date(best_day) : '' });
  if (movement === 'CHANGING') return t('still.CHANGING', { rate: rateText(rate_per_week, unit), since: from });
  if (movement === 'PLATEAU') return t('still.PLATEAU', { rate: changeText(rate_per_week ?? 0, unit), since: from });
  return t(`still.${movement}`);
}

/** The line that was laid through the values, and where it leads: it begins with its first day. */
export function linePoints({ line, points }: Forecast): Point[] {
  if (!line) return [];
  const days = dayNumber(line.last_day) - dayNumber(line.first_day);
  const before = days > 0 ? [{ x: dayNumber(line.first_day), y: line.value - (line.rate_per_week / 7) * days }] : [];
  return [...before, ...points.map((each) => ({ x: dayNumber(each.day), y: each.value }))];
}

/** What holds the value of a day with a chance of 80 %. */
export const bandOf = ({ points }: Forecast): Interval[] => points.map((each) => ({ x: dayNumber(each.day), low: each.low, high: each.high }));
