/** What was done on a day of the year, in words. */
import type { components } from '../api/schema';
import { day, number, t } from '../i18n';
import { timeText } from '../progress/values';

type Day = components['schemas']['CalendarDayOut'];
/** By what the days of the year are shaded. */
export type Measure = 'sets' | 'volume' | 'minutes';

type Write = (value: number) => string;
/** How each is written. */
export const MEASURES: Record<Measure, (value: number, unit: string, write?: Write) => string> = {
  sets: (value) => t('sets', { count: value }),
  volume: (value, unit, write = number) => `${write(value)} ${unit}`,
  minutes: timeText,
};

/** A day as a sentence: its date, and what was done on it. */
export function dayWords(on: string, done: Day | undefined, unit: string): string {
  const date = day(on, { weekday: 'long', day: 'numeric', month: 'long' });
  if (!done) return t('year.dayNone', { day: date });
  return t('year.day', { day: date, workouts: t('year.workouts', { count: done.sessions }), ...doneWords(done, unit) });
}

/** The parts of what was done. */
export const doneWords = (done: Day, unit: string): Record<Measure, string> => ({
  sets: MEASURES.sets(done.sets, unit), volume: MEASURES.volume(Math.round(done.volume), unit), minutes: MEASURES.minutes(done.minutes, unit),
});
