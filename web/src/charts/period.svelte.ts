/** The period a screen shows. It stands in the address, so that it is there again after a reload and in a link. */
export const PERIOD_DAYS = { '4w': 28, '12w': 84, year: 365, all: 4000 } as const;
export type PeriodName = keyof typeof PERIOD_DAYS;

const KEY = 'period';

export class Period {
  #name = $state<PeriodName>('12w');

  constructor(initial: PeriodName) {
    const asked = new URLSearchParams(location.search).get(KEY);
    this.#name = asked && Object.hasOwn(PERIOD_DAYS, asked) ? (asked as PeriodName) : initial;
  }

  get name(): PeriodName {
    return this.#name;
  }

  set name(name: PeriodName) {
    this.#name = name;
    const query = new URLSearchParams(location.search);
    query.set(KEY, name);
    history.replaceState(history.state, '', `?${query}`);
  }

  /** How many days, today the last. */
  get days(): number {
    return PERIOD_DAYS[this.#name];
  }
}
