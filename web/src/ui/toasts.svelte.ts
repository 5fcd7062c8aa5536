/** Short messages at the foot of the screen, each with at most one thing to do about it, such as taking back what was just done. */
import { untrack } from 'svelte';

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const SECONDS = 6;
let count = 0;

class Toasts {
  shown = $state<Toast[]>([]);
  /** Where they may be shown: the page, and the dialogs that are open over it. */
  places = $state.raw<symbol[]>([]);

  #firstAt = new Map<number, symbol>();

  /** Whether it is shown first at this place. */
  isNewsAt(place: symbol, { id }: Toast): boolean {
    if (!this.#firstAt.has(id)) this.#firstAt.set(id, place);
    return this.#firstAt.get(id) === place;
  }

  takePlace(place: symbol): () => void {
    this.places = [...untrack(() => this.places), place];
    return () => void (this.places = this.places.filter((each) => each !== place));
  }

  say(text: string, action?: Toast['action']): void {
    const toast: Toast = action ? { id: ++count, text, action } : { id: ++count, text };
    this.shown = [...this.shown.slice(-1), toast];
    setTimeout(() => this.drop(toast.id), SECONDS * 1000);
  }

  clear(): void {
    this.shown = [];
  }

  drop(id: number): void {
    this.#firstAt.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
