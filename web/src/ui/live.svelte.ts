import { liveQuery } from 'dexie';

/** What a query of the device's store finds, kept fresh: `live(() => db.table.count(), 0).value`. For use while a component is set up. */
export function live<T>(query: () => T | Promise<T>, initial: T, reads?: () => unknown): { readonly value: T; readonly ready: boolean } {
  let value = $state.raw(initial);
  let ready = $state(false);
  $effect(() => {
    // The query runs later and out of sight: what of the component's own state it depends on is read here too.
    reads?.();
    const subscription = liveQuery(query).subscribe({
      next: (found) => {
        value = found;
        ready = true;
      },
      error: (error) => console.error(error),
    });
    return () => subscription.unsubscribe();
  });
  return {
    get value() {
      return value;
    },
    get ready() {
      return ready;
    },
  };
}
