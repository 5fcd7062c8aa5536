/** What the server alone knows, for the parts of the app that do not work without it. */
import { words } from '../api/client';
import { t } from '../i18n';
import { toasts } from './toasts.svelte';

type Asked<T> = Promise<{ data?: T | undefined; error?: unknown }>;

export class Remote<T> {
  value = $state.raw<T | null>(null);
  /** Why there is nothing, in words. */
  failed = $state<string | null>(null);

  constructor(private readonly ask: () => Asked<T>) {}

  /** Asks (again); what was known stays until there is an answer. */
  load = async (): Promise<void> => {
    try {
      const { data, error } = await this.ask();
      if (data === undefined) this.failed = words(error);
      else [this.value, this.failed] = [data, null];
    } catch {
      this.failed = t('settings.needsServer');
    }
  };
}

/** Asks the server at once. */
export function remote<T>(ask: () => Asked<T>): Remote<T> {
  const made = new Remote(ask);
  void made.load();
  return made;
}

/** Has the server do something. Undefined where it did not: then the athlete has been told why. */
export async function attempt<T>(ask: () => Asked<T>): Promise<T | true | undefined> {
  try {
    const { data, error } = await ask();
    if (error === undefined) return data ?? true;
    toasts.say(words(error));
  } catch {
    toasts.say(t('settings.needsServer'));
  }
  return undefined;
}
