import { liveQuery } from 'dexie';

/** What a query of the device's store finds, kept fresh: `live(() => db.table.count(), 0).value`. For use while a component is set up. */
export function live<T>(query: () => T | Promise<T>, initial: T): { readonly value: T; readonly ready: boolean } {
  let value = $state.raw(initial);
  let ready = $state(false);
  $effect(() => {
    // Read what the query depends on here too, so that it starts anew when a prop changes.
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
