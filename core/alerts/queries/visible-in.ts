/** Whether a snapshot of PostgreSQL shows anything of a transaction or of later ones: mostly not, which is told at once. */
export const mayShow = (snapshot: string | null, transaction: string): boolean =>
  snapshot !== null && BigInt(transaction) < BigInt(snapshot.split(":")[1] ?? 0);

/** Whether a snapshot of PostgreSQL (xmin:xmax:those under way) shows what a transaction did that has been committed. */
export function visibleIn(snapshot: string | null): (transaction: string) => boolean {
  if (snapshot === null) return () => false;
  const [least = "0", most = "0", running = ""] = snapshot.split(":");
  const [xmin, xmax] = [BigInt(least), BigInt(most)];
  const underWay = new Set(running.split(","));
  const known = new Map<string, boolean>();
  return (transaction) => {
    let isVisible = known.get(transaction);
    if (isVisible === undefined) {
      const id = BigInt(transaction);
      isVisible = id < xmin || (id < xmax && !underWay.has(transaction));
      known.set(transaction, isVisible);
    }
    return isVisible;
  };
}
