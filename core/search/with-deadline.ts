import { sql } from "drizzle-orm";
import type { Context, Executor } from "@/core/context";

/** SQLSTATE of a statement that ran out of time or was cancelled. */
const QUERY_CANCELED = "57014";

/**
 * Runs reads that must not go on for ever, nor after nobody wants them: PostgreSQL ends the running statement at the
 * deadline, or when the signal aborts.
 * @param deadlineMs ms since 1970
 * @param work calls `extend` before each statement, which gives that one what time is left
 * @returns false when the time was up; what `work` had by then is the caller's to use
 * @throws what `work` throws, and the signal's reason when it aborts
 */
export async function withDeadline(
  { db, clock }: Context,
  deadlineMs: number,
  signal: AbortSignal | undefined,
  work: (transaction: Executor, extend: () => Promise<void>) => Promise<void>,
): Promise<boolean> {
  let cancel: (() => void) | undefined;
  try {
    await db.transaction(
      async (transaction) => {
        if (signal) {
          const { rows } = await transaction.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
          const pid = rows[0]?.pid;
          cancel = () => void db.execute(sql`select pg_cancel_backend(${pid}::int)`).catch(() => undefined);
          signal.addEventListener("abort", cancel);
          signal.throwIfAborted();
        }
        await work(transaction, async () => {
          const left = deadlineMs - clock.now().getTime();
          if (left <= 0) throw new TimeUp();
          await transaction.execute(sql`select set_config('statement_timeout', ${String(Math.ceil(left))}, true)`);
        });
      },
      { accessMode: "read only" },
    );
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TimeUp || isCanceled(error)) return false;
    throw error;
  } finally {
    if (cancel) signal?.removeEventListener("abort", cancel);
  }
}

class TimeUp extends Error {}

function isCanceled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === QUERY_CANCELED) || isCanceled(error.cause);
}
