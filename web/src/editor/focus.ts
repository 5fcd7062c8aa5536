import { tick } from 'svelte';

/** Puts the focus on what has this id, once the screen shows what was changed; what is typed over is chosen. */
export async function focusOn(id: string): Promise<void> {
  await tick();
  const found = document.getElementById(id);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
}

/** Gives the focus back to what has this id, if it was lost when what holds it was moved. */
export async function keepFocus(id: string): Promise<void> {
  await tick();
  if (!document.activeElement || document.activeElement === document.body) document.getElementById(id)?.focus();
}
