import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { generate } from "@/core/generate";
import { ORDINAL_BITS } from "@/core/ingest/entry-id";
import { type Commit, untilShown } from "@/core/realtime/commits";
import { spansOf } from "@/core/realtime/read-entries";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { EVERYTHING } from "@/core/search/query/query-tree";
import { sealedScopeOf, streamSealed } from "@/core/search/sealed";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import type { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";

/** Lines that are fetched at once. */
const FETCHED = 1_000;

/**
 * All lines of transactions, in any order: those in the database, and those that were sealed meanwhile.
 * @param missing takes down what can't be read
 */
export async function* readLines(
  context: EntriesContext,
  commits: readonly Commit[],
  missing: Missing,
): AsyncGenerator<readonly EntryRow[]> {
  if (commits.length === 0) return;
  const spans = spansOf(commits);
  const from = new Date(spans[0]?.first ?? 0);
  const to = new Date((spans.at(-1)?.last ?? 0) + 1);
  const transactions = commits.map(({ transaction }) => transaction);
  const within: SQL[] = spans.map(
    ({ first, last }) =>
      sql`timestamp >= ${new Date(first)}::timestamptz and timestamp < ${new Date(last + 1)}::timestamptz`,
  );
  let segments: Segment[] = [];
  let left = commits.reduce((sum, { rows }) => sum + rows, 0);
  yield* generate<EntryRow[]>((give) =>
    context.db.transaction(async (transaction) => {
      await untilShown(transaction, commits);
      await transaction.execute(sql`
        declare followed no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
        where (${sql.join(within, sql` or `)})
          and id >> ${ORDINAL_BITS}::int = any(${sql.param(transactions)}::bigint[])`);
      segments = await listSegments(transaction, from, to);
      for (let isLast = false; !isLast; ) {
        const { rows } = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from followed`);
        isLast = rows.length < FETCHED;
        left -= rows.length;
        await give(z.array(entryRowSchema).parse(rows));
      }
    }, ONE_SNAPSHOT),
  );
  // Mostly none of them is sealed yet: then it does not matter whether segments of the same time can be read.
  if (left <= 0 || segments.length === 0) return;
  const written = sql.join(
    transactions.map((transaction) => sql`${transaction}::bigint`),
    sql`, `,
  );
  yield* streamSealed(context, {
    segments,
    scope: sealedScopeOf(EVERYTHING, undefined),
    span: spanOf(from, to),
    order: "by id",
    also: sql`(id >> ${ORDINAL_BITS}::bigint) in (${written})`,
    missing,
  });
}
