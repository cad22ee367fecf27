import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context, Executor } from "./context";
import { reasonOf } from "./errors";
import { ONE_SNAPSHOT } from "./snapshot";

const backendSchema = z.tuple([z.object({ pid: z.number() })]);

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
  const cancel = () => void db.execute(sql`select pg_cancel_backend(${pid}::int)`).catch(warnOf(pid));
  signal?.throwIfAborted();
  signal?.addEventListener("abort", cancel);
  try {
    return await work();
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Whoever asked is gone, and the statement goes on for nothing: the log of the process is all that can be told. */
const warnOf = (pid: number) => (error: unknown) =>
  process.emitWarning(`what runs on the connection ${pid} could not be ended: ${reasonOf(error)}`, "CordwoodWarning");

/** Reads in a transaction whose statements all see the same; the one that runs is ended when the signal aborts. */
export function readUntilAborted<Result>(
  db: Context["db"],
  signal: AbortSignal,
  read: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.execute(sql`select pg_backend_pid() as pid`);
    const [{ pid }] = backendSchema.parse(rows);
    return cancelOnAbort(db, pid, signal, () => read(transaction));
  }, ONE_SNAPSHOT);
}

type Transaction = Parameters<Parameters<Context["db"]["transaction"]>[0]>[0];
