/**
 * What the server says, in the reader's language: a sentence comes as English and as a code with values, and is said by its code. One whose
 * code this app does not know (a newer server's) is shown as the server wrote it.
 */
import { day, has, locale, number, t, weight } from '.';

/** A sentence as data (src/reptrail/sentences.py). */
export interface Said {
  code: string;
  values: Record<string, unknown>;
}

/** The sentence of a code under one of the prefixes, null where the catalogue has none. */
export function said(prefixes: readonly string[], of: { code?: string | null; values?: Record<string, unknown> | null } | null | undefined): string | null {
  const key = of?.code ? prefixes.map((prefix) => `${prefix}.${of.code}`).find(has) : undefined;
  if (!key || !has(key)) return null;
  return t(key, Object.fromEntries(Object.entries(of!.values ?? {}).map(([name, value]) => [name, shown(value, prefixes)])));
}

const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });

/** A value as it is read: numbers and days by the reader's locale, a weight with its unit, several things, a sentence within the sentence. */
function shown(value: unknown, prefixes: readonly string[]): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value, { dateStyle: 'medium' }) : value;
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  if ('weight' in value && 'unit' in value) return weight(Number(value.weight), String(value.unit));
  if ('day' in value) return day(String(value.day), { day: 'numeric', month: 'short', ...('year' in value && value.year ? { year: 'numeric' } : {}) });
  if ('list' in value) return list.format((value.list as unknown[]).map((each) => String(shown(each, prefixes))));
  if ('code' in value) return said(prefixes, value as Said) ?? '';
  return number(Number(value));
}
