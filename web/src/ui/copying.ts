import { t } from '../i18n';
import { toasts } from './toasts.svelte';

/** Puts a text into the clipboard, where the browser has one (https and localhost); else the field is selected for the hand to do it. */
export async function copy(field: HTMLInputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toasts.say(t('copied'));
  } catch {
    toasts.say(t('copySelf'));
  }
}
