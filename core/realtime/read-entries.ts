import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { ORDINAL_BITS } from "@/core/ingest/entry-id";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { withDeadline } from "@/core/search/with-deadline";
import type { Commit } from "./commits";

const WITHIN_MS = 2_000;
/** Spans of time that one statement asks for. */
const SPANS = 20;
/** Entries that are fetched at once: of the largest ones some megabytes. */
const FETCHED = 100;

/** The first of the entries that were asked for, in the order of their ids. */
export type EntriesRead = { rows: EntryRow[]; isWhole: boolean };

/**
 * The entries of transactions, in the order of their ids, found by the times of each: bounded in number, and
 * about in bytes.
 * @param condition only entries that meet it
 * @returns null when even the first ones take too long, as they can when a transaction wrote entries of many days
 */
export async function readEntries(
  { db, clock }: Context,
  commits: readonly Commit[],
  condition: SQL,
  most: { entries: number; bytes: number },
): Promise<EntriesRead | null> {
  if (commits.length === 0) return { rows: [], isWhole: true };
  const rows: EntryRow[] = [];
  let isWhole = false;
  const deadline = clock.now().getTime() + WITHIN_MS;
  const inTime = await withDeadline({ db, clock }, deadline, undefined, (read) =>
    read(async (transaction) => {
      await transaction.execute(sql`
        declare entries no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
        where (${sql.join(spansOf(commits).map(within), sql` or `)})
          and id >> ${ORDINAL_BITS}::int = any(${sql.param(commits.map(({ transaction: id }) => id))}::bigint[])
          and ${condition}
        order by id limit ${most.entries + 1}`);
      for (let bytes = 0; bytes < most.bytes && rows.length <= most.entries && !isWhole; ) {
        const result = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from entries`);
        const fetched = z.array(entryRowSchema).parse(result.rows);
        rows.push(...fetched);
        bytes += fetched.reduce((sum, { message, attributes }) => sum + message.length + (attributes?.length ?? 0), 0);
        isWhole = fetched.length < FETCHED && rows.length <= most.entries;
      }
    }),
  );
  if (!inTime && rows.length === 0) return null;
  return { rows: rows.slice(0, most.entries), isWhole };
}

type Span = { first: number; last: number };

const within = ({ first, last }: Span) =>
  sql`timestamp >= ${new Date(first)}::timestamptz and timestamp < ${new Date(last + 1)}::timestamptz`;

/** What lies between late entries and those of now is not looked at. Spans that are near one another are one, until they are few. */
function spansOf(commits: readonly Commit[]): Span[] {
  const sorted = commits
    .map(({ firstTimestamp, lastTimestamp }) => ({ first: firstTimestamp.getTime(), last: lastTimestamp.getTime() }))
    .sort((one, other) => one.first - other.first);
  let spans = sorted;
  for (let apart = MINUTE_MS; spans === sorted || spans.length > SPANS; apart *= 10) spans = joinNear(sorted, apart);
  return spans;
}

function joinNear(sorted: readonly Span[], apartMs: number): Span[] {
  const spans: Span[] = [];
  for (const { first, last } of sorted) {
    const before = spans.at(-1);
    if (before && first - before.last <= apartMs) before.last = Math.max(before.last, last);
    else spans.push({ first, last });
  }
  return spans;
}
