/** Those who come are served for so long before those who are there are again. */
const TURN_MS = 250;

/**
 * Lets in those who wait, one after the other, as many as can be served soon. Who fails is tried again, behind the others.
 * @param waiting who leaves is taken out of it
 * @param entries whose turn it is
 * @returns false when the turn was over before all had been served
 * @throws the first failure, after all had their turn
 */
export async function joinAll<Entry>(
  waiting: Set<Entry>,
  entries: readonly Entry[],
  join: (entry: Entry) => Promise<void>,
): Promise<boolean> {
  const started = performance.now();
  const failures: unknown[] = [];
  let isOver = false;
  for (const entry of entries) {
    isOver = performance.now() - started >= TURN_MS;
    if (isOver) break;
    // It may have left while others were served.
    if (!waiting.delete(entry)) continue;
    waiting.add(entry);
    await join(entry).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return !isOver;
}
