import first from 'virtual:words/first';
import type en from './en.json';

/** A key of the catalogue. One that has plural forms is named without their suffix. */
export type Key = keyof typeof en | Plural<keyof typeof en>;
type Plural<K> = K extends `${infer Base}_other` ? Base : never;
type Values = Record<string, string | number>;

// A language is one more file beside en.json, named by its code; English fills in what it leaves out.
const others = import.meta.glob<Record<string, string>>(['./*.json', '!./en.json'], { import: 'default' });
const fetched = (code: string): (() => Promise<Record<string, string>>) | undefined => others[`./${code}.json`];

/** The language of the words: the first of the reader's that there is a catalogue of. */
export const language: string = navigator.languages.map((each) => each.split('-')[0]!).find((code) => code === 'en' || fetched(code)) ?? 'en';
const other = await fetched(language)?.().catch(() => ({}));
const messages: Record<string, string> = { ...first, ...other };
/** The rest of English, which comes before the first module that needs it (split.ts). */
export const learn = (rest: Record<string, string>): void => void Object.assign(messages, rest, other);
document.documentElement.lang = language;
/** That of numbers and dates, which are the reader's own in any case. */
export const locale: string = navigator.language || 'en';
const plural = new Intl.PluralRules(language);

/** Whether there are words for a key that came from elsewhere, such as a code of the server's. */
export const has = (key: string): key is Key => key in messages || `${key}_other` in messages;

/** A text of the catalogue with `{name}` filled in; numbers by the reader's locale; `count` chooses the plural form. */
export function t(key: Key, values: Values = {}): string {
  const count = values['count'];
  const form = typeof count === 'number' ? messages[`${key}_${plural.select(count)}`] : undefined;
  const text = form ?? messages[key] ?? messages[`${key}_other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : (value ?? '');
  });
}

const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/** A number for reading, at most two decimals. */
export const number = (value: number): string => decimals.format(value);
/** A number for reading without decimals. */
export const rounded = (value: number): string => whole.format(value);

/** A weight with its unit. */
export const weight = (value: number, unit: string): string => `${number(value)} ${unit}`;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment (ISO 8601) in the athlete's zone. */
export function moment(at: string | Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = zone + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })));
  return format.format(typeof at === 'string' ? new Date(at) : at);
}

/** A day (YYYY-MM-DD), which is the same in every zone. */
export const day = (date: string, options: Intl.DateTimeFormatOptions): string => moment(`${date}T12:00:00Z`, 'UTC', options);

/** Seconds as m:ss, or h:mm:ss from an hour on. */
export function clock(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, place) => (place ? String(part).padStart(2, '0') : String(part))).join(':');
}
