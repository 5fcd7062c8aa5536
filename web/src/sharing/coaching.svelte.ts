/** Whether who is signed in coaches anybody, for a way there that others need not see. */
import { api } from '../api/client';
import { account } from '../store/account.svelte';

const KEY = 'coaching';

class Coaching {
  #of = $state(localStorage.getItem(KEY));

  get known(): boolean {
    return this.#of !== null && this.#of === account.user?.id;
  }

  learn(): void {
    this.#of = account.user?.id ?? null;
    if (this.#of) localStorage.setItem(KEY, this.#of);
  }

  /** By their invitations. The list of athletes would tell too, but each look at it is recorded in what those athletes are shown. */
  async ask(): Promise<void> {
    if (this.known) return;
    const { data } = await api.GET('/api/v1/invitations', { params: { query: { limit: 1 } } }).catch(() => ({ data: undefined }));
    if (data?.items.length) this.learn();
  }
}

export const coaching = new Coaching();
