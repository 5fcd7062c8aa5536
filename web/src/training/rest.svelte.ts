import { t } from '../i18n';

/** Seconds of rest where the plan says nothing. */
export const USUAL_SECONDS = 120;
const KEY = 'rest';

interface Kept {
  until: number;
  seconds: number;
  session_id: string;
  exercise_id: string;
}

/** The rest between two sets. Its end is a moment and not a count, so that it survives a reload and a phone asleep. */
class Rest {
  #kept = $state<Kept | null>(read());
  /** It came to its end, and no set has been logged since. */
  ended = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#arm();
  }

  get until(): number | null {
    return this.#kept?.until ?? null;
  }

  get seconds(): number {
    return this.#kept?.seconds ?? USUAL_SECONDS;
  }

  /** Begins anew; `exercise_id` is whose rest it is, so that what the athlete makes of it is remembered for the next time. */
  start(seconds: number | null, session_id: string, exercise_id: string): void {
    const length = seconds ?? USUAL_SECONDS;
    if (length <= 0) return this.stop();
    this.ended = false;
    this.#keep({ until: Date.now() + length * 1000, seconds: length, session_id, exercise_id });
  }

  /** Longer or shorter; answers how long it is now in all, to be remembered. */
  more(seconds: number): { exercise_id: string; seconds: number } | null {
    if (!this.#kept) return null;
    const length = Math.max(0, this.#kept.seconds + seconds);
    this.#keep({ ...this.#kept, until: Math.max(Date.now(), this.#kept.until + seconds * 1000), seconds: length });
    return { exercise_id: this.#kept.exercise_id, seconds: length };
  }

  stop(): void {
    this.ended = false;
    this.#keep(null);
  }

  /** Whether the athlete could be told of its end, and has not said yet if they want it. */
  askable = $state('Notification' in globalThis && Notification.permission === 'default');

  /** Asks the browser, at the athlete's own wish. */
  async notify(): Promise<void> {
    await Notification.requestPermission().catch(() => undefined);
    this.askable = Notification.permission === 'default';
  }

  #keep(kept: Kept | null): void {
    this.#kept = kept;
    if (kept) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    if (kept) this.#timer = setTimeout(() => this.#over(kept), Math.max(0, kept.until - Date.now()));
  }

  // Seen and felt where the page is looked at, a notification where it is not.
  #over(kept: Kept): void {
    if (this.#kept?.until !== kept.until) return;
    this.stop();
    this.ended = true;
    navigator.vibrate?.([200, 100, 200]);
    if (document.hidden && 'Notification' in window && Notification.permission === 'granted') {
      void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(t('rest.over'), { tag: 'rest', icon: '/icon-192.png' }));
    }
  }
}

function read(): Kept | null {
  const kept = localStorage.getItem(KEY);
  return kept ? (JSON.parse(kept) as Kept) : null;
}

export const rest = new Rest();
