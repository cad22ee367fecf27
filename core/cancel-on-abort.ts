import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "./context";
import { reasonOf } from "./errors";
import { ONE_SNAPSHOT } from "./snapshot";

const backendSchema = z.tuple([z.object({ pid: z.number() })]);

/**
 * Does work on one connection to PostgreSQL, and has the statement ended that runs there when a signal aborts. What runs on
 * that connection after the work belongs to somebody else, and is never ended.
 * @param db which has another connection for that
 * @param pid of the backend that the connection has
 */
export async function cancelOnAbort<Result>(
  db: Context["db"],
  pid: number,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  let cancelling: Promise<unknown> | undefined;
  const cancelNow = (): Promise<void> =>
    db.transaction(async (transaction) => {
      // It may have waited for this connection for longer than the work took.
      if (isOver) return;
      cancelling = transaction.execute(sql`select pg_cancel_backend(${pid}::int)`);
      await cancelling;
    });
  const cancel = () => void cancelNow().catch(warnOf(pid));
  signal?.throwIfAborted();
  signal?.addEventListener("abort", cancel);
  try {
    return await work();
  } finally {
    isOver = true;
    signal?.removeEventListener("abort", cancel);
    // On its way it would reach who has the connection next.
    await Promise.allSettled([cancelling]);
  }
}

/** Whoever asked is gone, and the statement goes on for nothing: the log of the process is all that can be told. */
const warnOf = (pid: number) => (error: unknown) =>
  process.emitWarning(`what runs on the connection ${pid} could not be ended: ${reasonOf(error)}`, "CordwoodWarning");

/**
 * Reads in a transaction whose statements all see the same; the one that runs is ended when the signal aborts.
 * @param timeLeft of each statement, in ms, asked when there is a connection; absent: as long as it takes
 */
export function readUntilAborted<Result>(
  db: Context["db"],
  signal: AbortSignal | undefined,
  read: (transaction: Transaction) => Promise<Result>,
  timeLeft?: () => number,
): Promise<Result> {
  return db.transaction(async (transaction) => {
    const timeout = timeLeft && String(Math.ceil(timeLeft()));
    const limited = timeout === undefined ? sql`` : sql`, set_config('statement_timeout', ${timeout}, true)`;
    const { rows } = await transaction.execute(sql`select pg_backend_pid() as pid${limited}`);
    const [{ pid }] = backendSchema.parse(rows);
    return cancelOnAbort(db, pid, signal, () => read(transaction));
  }, ONE_SNAPSHOT);
}

type Transaction = Parameters<Parameters<Context["db"]["transaction"]>[0]>[0];
