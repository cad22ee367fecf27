import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context, Executor } from "@/core/context";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import { sqlStateOf } from "@/core/sql-state";

/** SQLSTATE of a statement that ran out of time or was cancelled. */
const QUERY_CANCELED = "57014";

/** Reads once, in a transaction of its own, whose statements all see the same. */
export type Read = <Result>(read: (transaction: Executor) => Promise<Result>) => Promise<Result>;

const backendSchema = z.tuple([z.object({ pid: z.number() })]);

/**
 * Runs reads that must not go on for ever, nor after nobody wants them: PostgreSQL ends the running statement at the
 * deadline, or when the signal aborts. Each read is a transaction of its own, because one holds the locks of all the
 * partitions that it ever looked at.
 * @param deadlineMs ms since 1970
 * @param work reads, each time with what time is left; `ended` aborts at the deadline too, for what else takes time
 * @returns false when the time was up; what `work` had by then is the caller's to use
 * @throws what `work` throws, and the signal's reason when it aborts
 */
export async function withDeadline(
  { db, clock }: Context,
  deadlineMs: number,
  signal: AbortSignal | undefined,
  work: (read: Read, ended: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const timeLeft = () => deadlineMs - clock.now().getTime();
  const read: Read = (reading) =>
    db.transaction(async (transaction) => {
      const left = timeLeft();
      if (left <= 0) throw new TimeUp();
      const { rows } = await transaction.execute(sql`
          select pg_backend_pid() as pid, set_config('statement_timeout', ${String(Math.ceil(left))}, true)`);
      const [{ pid }] = backendSchema.parse(rows);
      const cancel = () => void db.execute(sql`select pg_cancel_backend(${pid}::int)`).catch(() => undefined);
      signal?.throwIfAborted();
      signal?.addEventListener("abort", cancel);
      try {
        return await reading(transaction);
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    }, ONE_SNAPSHOT);
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(new TimeUp()), Math.max(0, timeLeft()));
  try {
    await work(read, signal ? AbortSignal.any([signal, timeUp.signal]) : timeUp.signal);
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TimeUp || sqlStateOf(error) === QUERY_CANCELED) return false;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

class TimeUp extends Error {}
