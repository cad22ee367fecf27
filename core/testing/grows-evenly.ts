/**
 * Whether work on four times the length takes at most some times as long, and not the sixteen times of quadratic work; tiny times say nothing.
 * A busy machine makes single runs long, so the least of as many as it takes are compared: quadratic work stays quadratic.
 * @param work on an input of a length, which it makes itself
 */
export function growsEvenly(work: (length: number) => () => void, length: number): boolean {
  const [short, long] = [work(length), work(4 * length)];
  const least = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY };
  const isEven = () => least.long < 2 || least.long < least.short * 12;
  for (let round = 0; round < 5 || (round < 500 && !isEven()); round++) {
    least.short = Math.min(least.short, timeOf(short));
    least.long = Math.min(least.long, timeOf(long));
  }
  return isEven();
}

/** @returns ms */
export function timeOf(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
