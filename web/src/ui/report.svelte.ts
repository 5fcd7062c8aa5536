/** A report of the server's on a screen: what is kept of it at once, and made fresh on opening and whenever the sync brought something. */
import { words } from '../api/client';
import { t } from '../i18n';
import { keyOf, readHead, readReport, refreshReport, type Answer, type Asked, type ReportPath } from '../store/reports';
import { poke } from '../sync/engine';
import { Refused } from '../sync/http';
import { sync } from '../sync/state.svelte';
import { live } from './live.svelte';

// A workout is pushed and pulled in several steps: it is asked for once, after the last.
const AFTER_SYNC_MS = 400;

export interface Report<T> {
  /** What the server said; of what was asked for before, as long as this has not come. */
  readonly value: T | null;
  /** When it was read, in milliseconds. */
  readonly readAt: number | null;
  /** Why there is nothing to show, or nothing newer, in words. */
  readonly failed: string | null;
  /** Whether that is because there is no connection. */
  readonly offline: boolean;
  /** Writes of this device that are not in it. */
  readonly lacking: number;
  readonly load: () => Promise<void>;
}

/** For use while a component is set up. `asked` may read its state: another period is another report. */
export function report<P extends ReportPath>(path: P, asked: () => Asked<P> = () => ({})): Report<Answer<P>> {
  const key = $derived(keyOf(path, asked()));
  const kept = live(async () => ({ key, row: await readReport(key) }), { key: '', row: undefined }, () => key);
  const head = live<number | null>(readHead, null);
  let failed = $state<string | null>(null);
  let lost = $state(false);
  let latest = 0;
  let before: Answer<P> | null = null;

  async function load(): Promise<void> {
    const turn = ++latest;
    try {
      await refreshReport(path, asked());
      if (turn === latest) [failed, lost] = [null, false];
      // The server is there again: what waits for it need not wait longer.
      if (!sync.reachable) poke();
    } catch (error) {
      if (turn === latest) [failed, lost] = [error instanceof Refused ? words(error.problem) : t('report.offline'), !(error instanceof Refused)];
    }
  }

  $effect(() => {
    void key;
    [failed, lost] = [null, false];
    void load();
  });
  $effect(() => {
    const stale = kept.value.row && head.value !== null && kept.value.row.head !== head.value;
    if (!stale && !(lost && sync.reachable)) return;
    const timer = setTimeout(() => void load(), AFTER_SYNC_MS);
    return () => clearTimeout(timer);
  });

  const here = $derived(kept.value.key === key ? kept.value.row : undefined);
  const value = $derived.by(() => {
    if (here) before = here.body as Answer<P>;
    return here || !failed ? before : null;
  });
  return {
    get value() {
      return value;
    },
    get readAt() {
      return here?.read_at ?? null;
    },
    get failed() {
      return failed;
    },
    get offline() {
      return lost;
    },
    get lacking() {
      return sync.waiting + sync.attention;
    },
    load,
  };
}
