/** A list of the server's that is fetched a page at a time. */
import { attempt, Remote } from '../ui/remote.svelte';

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
type Ask<T> = (query: { limit: number; cursor?: string }) => Promise<{ data?: Page<T> | undefined; error?: unknown }>;

const AT_ONCE = 20;
const MOST_AT_ONCE = 200;

export class Paged<T> {
  /** What has been fetched; for FromServer. */
  readonly from: Remote<T[]>;
  more = $state(false);
  #cursor: string | null = null;

  constructor(private readonly ask: Ask<T>) {
    this.from = new Remote(async () => {
      // Asked again, as much as was shown comes.
      const limit = Math.min(MOST_AT_ONCE, Math.max(AT_ONCE, this.from.value?.length ?? 0));
      const { data, error } = await ask({ limit });
      if (data) this.#take(data);
      return { data: data?.items, error };
    });
    void this.from.load();
  }

  next = async (): Promise<void> => {
    const page = this.#cursor && (await attempt(() => this.ask({ limit: AT_ONCE, cursor: this.#cursor! })));
    if (!page || page === true) return;
    this.from.value = [...(this.from.value ?? []), ...page.items];
    this.#take(page);
  };

  #take(page: Page<T>): void {
    this.#cursor = page.next_cursor;
    this.more = page.next_cursor !== null;
  }
}
