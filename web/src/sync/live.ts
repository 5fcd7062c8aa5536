/** Listens to the server's word that something changed: what another device or a coach wrote is here seconds later. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * One stream, of a page that is looked at. (A browser has six connections to a server for all its tabs, and each stream takes one.) The
 * browser's own way to connect again is every two seconds for ever: here it takes longer each time until something was heard.
 */
export class Live {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(
    readonly url: string,
    /** The number of the newest change there is. */
    readonly onhead: (seq: number) => void,
    /** The stream broke off or was refused; it is tried again by itself. */
    readonly onbroken: () => void = () => undefined,
  ) {}

  /** Begins to listen, if it does not yet. `now`: without waiting out what went wrong before. */
  open(now = false): void {
    if (now) this.#rest();
    if (this.#source || this.#timer !== undefined || document.visibilityState === 'hidden' || !('EventSource' in globalThis)) return;
    const source = (this.#source = new EventSource(this.url));
    source.addEventListener('head', (event) => {
      this.#failures = 0;
      this.onhead((JSON.parse((event as MessageEvent<string>).data) as { seq: number }).seq);
    });
    source.addEventListener('error', () => {
      this.#drop();
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
      this.#timer = setTimeout(() => this.open(true), wait * (0.75 + Math.random() / 2));
      this.onbroken();
    });
  }

  close(): void {
    this.#rest();
    this.#drop();
    this.#failures = 0;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #drop(): void {
    this.#source?.close();
    this.#source = null;
  }
}
