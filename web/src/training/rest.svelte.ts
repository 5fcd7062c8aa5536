import { t } from '../i18n';

/** Seconds of rest where the plan says nothing. */
export const USUAL_SECONDS = 120;
const KEY = 'rest';

interface Kept {
  until: number;
  seconds: number;
  session_id: string;
}

/** The rest between two sets. Its end is a moment and not a count, so that it survives a reload and a phone asleep. */
class Rest {
  #kept = $state<Kept | null>(read());
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

  start(seconds: number | null, session_id: string): void {
    const length = seconds ?? (Number(localStorage.getItem('rest-seconds')) || USUAL_SECONDS);
    if (length <= 0) return this.stop();
    this.#keep({ until: Date.now() + length * 1000, seconds: length, session_id });
    if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission().catch(() => undefined);
  }

  more(seconds: number): void {
    if (this.#kept) this.#keep({ ...this.#kept, until: Math.max(Date.now(), this.#kept.until + seconds * 1000), seconds: this.#kept.seconds + seconds });
  }

  stop(): void {
    this.#keep(null);
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
