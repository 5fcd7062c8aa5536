import { tick } from 'svelte';

/** Puts the focus on what has this id, once the screen shows what was changed; what is typed over is chosen. */
export async function focusOn(id: string): Promise<void> {
  await tick();
  const found = document.getElementById(id);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
}
