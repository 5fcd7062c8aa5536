// The first that fits: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const PROGRAMS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'], [/OPR\//, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/(Firefox|FxiOS)\//, 'Firefox'], [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'], [/python-httpx|python-requests/, 'Python'], [/curl\//, 'curl'],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'Mac'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux'],
];

const first = (known: [RegExp, string][], text: string): string | undefined => known.find(([pattern]) => pattern.test(text))?.[1];

/** What somebody calls the device of a User-Agent, such as "Chrome, Android"; its first words where it is none that we know. */
export function deviceOf(userAgent: string): string {
  const known = [first(PROGRAMS, userAgent), first(SYSTEMS, userAgent)].filter((part) => part !== undefined);
  return known.length ? known.join(', ') : userAgent.slice(0, 40);
}
