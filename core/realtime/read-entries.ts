import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { ORDINAL_BITS } from "@/core/ingest/entry-id";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { withDeadline } from "@/core/search/with-deadline";
import type { Commit } from "./commits";

const WITHIN_MS = 2_000;

/**
 * The entries of transactions, in the order of their ids, found by the time that holds them all.
 * @param condition only entries that meet it
 * @returns null when it takes too long, as it can when a transaction wrote entries of many days
 */
export async function readEntries(
  { db, clock }: Context,
  commits: readonly Commit[],
  condition: SQL,
  limit: number,
): Promise<EntryRow[] | null> {
  if (commits.length === 0) return [];
  const first = Math.min(...commits.map(({ firstTimestamp }) => firstTimestamp.getTime()));
  const last = Math.max(...commits.map(({ lastTimestamp }) => lastTimestamp.getTime()));
  let entries: EntryRow[] = [];
  const deadline = clock.now().getTime() + WITHIN_MS;
  const inTime = await withDeadline({ db, clock }, deadline, undefined, async (read) => {
    const result = await read((transaction) =>
      transaction.execute(sql`
        select ${ENTRY_COLUMNS} from logs.logs
        where timestamp >= ${new Date(first)}::timestamptz and timestamp < ${new Date(last + 1)}::timestamptz
          and id >> ${ORDINAL_BITS}::int = any(${sql.param(commits.map(({ transaction: id }) => id))}::bigint[])
          and ${condition}
        order by id limit ${limit}`),
    );
    entries = z.array(entryRowSchema).parse(result.rows);
  });
  return inTime ? entries : null;
}
