/** How long work may take, in ms, and what else ends it. */
export type TimeLimit = { withinMs: number; signal?: AbortSignal | undefined };

/**
 * Does work with a signal that aborts when its time is up, or when the one that it was given does.
 * @param late gives the result of what was not done in time, or throws why there is none
 * @throws what work throws, also after its time when it was ended for another reason
 */
export async function withinTime<Result>(
  { withinMs, signal }: TimeLimit,
  work: (ended: AbortSignal) => Promise<Result>,
  late: () => Result,
): Promise<Result> {
  const timeUp = AbortSignal.timeout(withinMs);
  try {
    return await work(signal ? AbortSignal.any([signal, timeUp]) : timeUp);
  } catch (error) {
    if (!timeUp.aborted || signal?.aborted) throw error;
    return late();
  }
}
