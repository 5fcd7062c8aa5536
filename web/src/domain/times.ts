/** A moment as the clock on the wall shows it in a time zone, as an input for date and time takes it: 2026-03-01T07:05. */
export function wallOf(at: string | number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return format.format(new Date(at)).replace(' ', 'T');
}

/** The moment (ISO 8601 in UTC) at which the clock on the wall shows this; of an hour that comes twice one of the two. */
export function momentOf(wall: string, zone: string): string {
  const asked = Date.parse(`${wall}Z`);
  const behind = (at: number): number => Date.parse(`${wallOf(at, zone)}Z`) - at;
  // Twice, for the offset at the guess may not be the one at the moment itself.
  const guess = asked - behind(asked);
  return new Date(asked - behind(guess)).toISOString();
}
