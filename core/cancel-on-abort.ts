import { sql } from "drizzle-orm";
import type { Executor } from "./context";

/**
 * Does work on one connection to PostgreSQL, and has the statement ended that runs there when a signal aborts.
 * @param pid of the backend that the connection has
 */
export async function cancelOnAbort<Result>(
  db: Executor,
  pid: number,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const cancel = () => void db.execute(sql`select pg_cancel_backend(${pid}::int)`).catch(() => undefined);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", cancel);
  try {
    return await work();
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
