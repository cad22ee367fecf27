import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";

/** A snapshot of PostgreSQL, and the last transaction among those that are followed which it shows. */
export const snapshotSchema = z.object({ snapshot: z.string(), last: z.string().nullable() });

/** @param last SQL of that transaction @returns SQL of the columns of snapshotSchema */
export const snapshotColumns = (last: SQL): SQL => sql`pg_current_snapshot()::text as snapshot, ${last} as last`;

/** The durableSnapshot of now. @param last as snapshotColumns has it */
export async function readSnapshot(db: Executor, last: SQL): Promise<string> {
  const result = await db.execute(sql`select ${snapshotColumns(last)}`);
  return durableSnapshot(z.tuple([snapshotSchema]).parse(result.rows)[0]);
}

/**
 * A snapshot that shows the same of what is followed, and takes no number behind the last of it for done. Such a number may be given
 * once more: what was rolled back need not be on disk when the database breaks down, and PostgreSQL then counts on from the last one that
 * is. What is shown is on disk before anybody sees it, with all numbers before its own (ADR 9).
 */
export function durableSnapshot({ snapshot, last }: z.infer<typeof snapshotSchema>): string {
  const [oldest = "", next = "", running = ""] = snapshot.split(":");
  const behindLast = last === null ? BigInt(oldest) : BigInt(last) + 1n;
  const end = behindLast < BigInt(next) ? behindLast : BigInt(next);
  const before = running.split(",").filter((number) => number !== "" && BigInt(number) < end);
  return `${BigInt(oldest) < end ? oldest : end}:${end}:${before.join(",")}`;
}
