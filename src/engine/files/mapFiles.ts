/** Enough to keep the threads for file access busy. More would only keep more files open. */
const AT_ONCE = 8;

/**
 * Runs `task` for every item, several at a time. Results keep the order. If some fail, throws the failure of the first
 * in order.
 */
export async function mapFiles<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const settled = await Promise.allSettled(items.slice(at, at + AT_ONCE).map(task));
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason;
      results.push(one.value);
    }
  }
  return results;
}
