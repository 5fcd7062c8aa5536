/** What belongs together, by a key, in the order it came. (Map.groupBy is younger than the phones we run on.) */
export function groupBy<T, K>(all: Iterable<T>, key: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const of = key(each);
    const group = groups.get(of);
    if (group) group.push(each);
    else groups.set(of, [each]);
  }
  return groups;
}

/** A list in parts of at most so many. */
export function* slices<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
