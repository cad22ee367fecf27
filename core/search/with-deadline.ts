import { readUntilAborted } from "@/core/cancel-on-abort";
import type { Context, Executor } from "@/core/context";
import { codeOf, SQL_STATES } from "@/core/error-code";
import { type Turns, Waited } from "@/core/turns";

/**
 * Reads once, in a transaction of its own, whose statements all see the same.
 * @param turns in which it waits for its turn; null: does not wait, as who follows what comes must not
 */
export type Read = <Result>(turns: Turns | null, read: (transaction: Executor) => Promise<Result>) => Promise<Result>;

/**
 * Runs reads that must not go on for ever, nor after nobody wants them: PostgreSQL ends the running statement at the
 * deadline, or when the signal aborts. Each read is a transaction of its own, because one holds the locks of all the
 * partitions that it ever looked at. Each waits for its turn, so that many at once are taken piece by piece in turn.
 * @param deadlineMs ms since 1970
 * @param work reads, each time with what time is left; `ended` aborts at the deadline too, for what else takes time, and `waited` counts what
 * else it waits for turns
 * @returns whether it was done in time, else what `work` had by then is the caller's to use; and how long it waited for turns
 * @throws what `work` throws, and the signal's reason when it aborts
 */
export async function withDeadline(
  { db, clock }: Context,
  deadlineMs: number,
  signal: AbortSignal | undefined,
  work: (read: Read, ended: AbortSignal, waited: Waited) => Promise<void>,
): Promise<{ isInTime: boolean; waitedMs: number }> {
  const timeLeft = () => deadlineMs - clock.now().getTime();
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(new TimeUp()), Math.max(0, timeLeft()));
  const ended = signal ? AbortSignal.any([signal, timeUp.signal]) : timeUp.signal;
  const waited = new Waited();
  const timeForStatement = () => {
    const left = timeLeft();
    if (left <= 0) throw new TimeUp();
    return left;
  };
  const read: Read = async (turns, reading) => {
    const release = turns && (await waited.counting(turns).take(ended));
    try {
      return await readUntilAborted(db, signal, reading, timeForStatement);
    } finally {
      release?.();
    }
  };
  try {
    await work(read, ended, waited);
    return { isInTime: true, waitedMs: waited.ms };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TimeUp || codeOf(error) === SQL_STATES.queryCanceled)
      return { isInTime: false, waitedMs: waited.ms };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

class TimeUp extends Error {}
