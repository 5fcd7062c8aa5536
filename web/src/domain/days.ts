/** The day (YYYY-MM-DD) that a moment falls on in a time zone. */
export function dayOf(at: string | number | Date, zone: string): string {
  return calendar(zone).format(new Date(at));
}

const calendars = new Map<string, Intl.DateTimeFormat>();

// Swedish writes dates as ISO 8601 does.
function calendar(zone: string): Intl.DateTimeFormat {
  let made = calendars.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    calendars.set(zone, made);
  }
  return made;
}

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The Monday of a day's ISO week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
  return addDays(day, 1 - weekday);
}

/** The day that the search part of an address asks for (`?day=2026-03-04`), if it is one. */
export function dayAskedFor(search: string): string | null {
  const asked = new URLSearchParams(search).get('day') ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asked)) return null;
  const date = new Date(`${asked}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(asked) ? asked : null;
}
