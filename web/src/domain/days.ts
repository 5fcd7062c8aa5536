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
