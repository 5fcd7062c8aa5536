/** What the server alone knows, for the parts of the app that do not work without it. */
import { Unreachable, words } from '../api/client';
import { t } from '../i18n';
import { toasts } from './toasts.svelte';

type Asked<T> = Promise<{ data?: T | undefined; error?: unknown }>;

export class Remote<T> {
  value = $state.raw<T | null>(null);
  /** Why there is nothing, in words. */
  failed = $state<string | null>(null);

  #asked = 0;
  #answered = 0;

  constructor(private readonly ask: () => Asked<T>) {}

  /** Asks (again); what was known stays until there is an answer. */
  load = async (): Promise<void> => {
    const turn = ++this.#asked;
    try {
      const { data, error } = await this.ask();
      // An answer that comes after that to a later question is old.
      if (turn < this.#answered) return;
      this.#answered = turn;
      if (data === undefined) this.failed = words(error);
      else [this.value, this.failed] = [data, null];
    } catch (error) {
      tell(error);
      if (turn === this.#asked) this.failed = t('settings.needsServer');
    }
  };
}

/** Asks the server at once. */
export function remote<T>(ask: () => Asked<T>): Remote<T> {
  const made = new Remote(ask);
  void made.load();
  return made;
}

/** Has the server do something. Undefined where it did not: then the athlete has been told why, by a message unless it is told otherwise. */
export async function attempt<T>(ask: () => Asked<T>, say: (why: string, error?: unknown) => void = (why) => toasts.say(why)): Promise<T | true | undefined> {
  try {
    const { data, error } = await ask();
    if (error === undefined) return data ?? true;
    say(words(error), error);
  } catch (error) {
    tell(error);
    say(t('settings.needsServer'));
  }
  return undefined;
}

/** No connection is no news to whoever looks for faults, nor is a page that is not Reptrail's (which is no JSON): all else is a bug. */
function tell(error: unknown): void {
  if (!(error instanceof Unreachable) && !(error instanceof SyntaxError)) console.error(error);
}
