/**
 * Waits for work that no signal ends (withinTime is for other work) for so many milliseconds. What it does after that is not heard of.
 * @throws what `tooLate` gives when it takes longer
 */
export async function waitAtMost<Result>(work: Promise<Result>, ms: number, tooLate: () => Error): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
