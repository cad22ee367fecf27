import { sql } from "drizzle-orm";
import { z } from "zod";
import { MINUTE_MS } from "@/core/clock";
import { ORDINAL_BITS } from "@/core/ingest/entry-id";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import type { Scope } from "@/core/search/scope";
import { chunksOf, readFound, type SealedSearch } from "@/core/search/sealed";
import { withDeadline } from "@/core/search/with-deadline";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { type Commit, untilShown } from "./commits";

const WITHIN_MS = 2_000;
/** Spans of time that one statement asks for. */
const SPANS = 20;
/** Entries that are fetched at once: of the largest ones some megabytes. */
const FETCHED = 100;

/** The first of the entries that were asked for, in the order of their ids; `isMissing`: segments that may have some can't be read. */
export type EntriesRead = { rows: EntryRow[]; isWhole: boolean; isMissing: boolean };

/** Which of them: those that a query selects, behind an id. */
export type EntriesAsked = Pick<Scope, "condition" | "sealed"> & { after: string };

/**
 * The entries of transactions, in the order of their ids, found by the times of each: bounded in number, and
 * about in bytes.
 * @returns null when even the first ones take too long, as they can when a transaction wrote entries of many days
 */
export async function readEntries(
  context: EntriesContext,
  commits: readonly Commit[],
  asked: EntriesAsked,
  most: { entries: number; bytes: number },
): Promise<EntriesRead | null> {
  if (commits.length === 0) return { rows: [], isWhole: true, isMissing: false };
  const { db, clock } = context;
  const spans = spansOf(commits);
  const whole = { from: new Date(spans[0]?.first ?? 0), to: new Date((spans.at(-1)?.last ?? 0) + 1) };
  const missing = new Missing();
  const hot: EntryRow[] = [];
  let isWhole = false;
  let rows: EntryRow[] | null = null;
  let isAllHot = false;
  const deadline = clock.now().getTime() + WITHIN_MS;
  const { isInTime } = await withDeadline({ db, clock }, deadline, undefined, async (read, ended) => {
    const segments = await read(null, async (transaction) => {
      await untilShown(transaction, commits);
      await transaction.execute(sql`
        declare entries no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
        where (${sql.join(spans.map(within), sql` or `)})
          and id >> ${ORDINAL_BITS}::int = any(${sql.param(commits.map(({ transaction: id }) => id))}::bigint[])
          and id > ${asked.after}::bigint and ${asked.condition}
        order by id limit ${most.entries + 1}`);
      const sealed = await listSegments(transaction, whole.from, whole.to);
      isAllHot = sealed.length === 0;
      for (let bytes = 0; bytes < most.bytes && hot.length <= most.entries && !isWhole; ) {
        const result = await transaction.execute(sql`fetch ${sql.raw(String(FETCHED))} from entries`);
        const fetched = z.array(entryRowSchema).parse(result.rows);
        hot.push(...fetched);
        bytes += fetched.reduce((sum, row) => sum + bytesOf(row), 0);
        isWhole = fetched.length < FETCHED && hot.length <= most.entries;
      }
      return sealed;
    });
    const search = { segments, span: spanOf(whole.from, whole.to), missing, signal: ended };
    const sealed = isAllHot ? NOTHING : await readSealed(context, commits, asked, search, most);
    rows = sealed.rows.length > 0 ? [...hot, ...sealed.rows].sort(byId) : hot;
    // Behind the last of those that were read, there are some that were not.
    for (const part of [{ rows: hot, isWhole }, sealed]) {
      const last = part.rows.at(-1);
      if (!part.isWhole && last) rows = rows.filter((row) => BigInt(row.id) <= BigInt(last.id));
    }
    isWhole &&= sealed.isWhole && rows.length <= most.entries;
  });
  // Where the time was up before what is sealed was asked, nothing is known to be in order.
  const found = rows ?? (isAllHot && hot.length > 0 ? hot : null);
  return found && { rows: found.slice(0, most.entries), isWhole: isInTime && isWhole, isMissing: !missing.isNothing };
}

const byId = (one: EntryRow, other: EntryRow) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

const bytesOf = ({ message, attributes }: EntryRow) => message.length + (attributes?.length ?? 0);

/** The first of them, in the order of their ids. */
type Part = { rows: EntryRow[]; isWhole: boolean };
const NOTHING: Part = { rows: [], isWhole: true };

/** Entries that were sealed soon after they came. */
async function readSealed(
  context: EntriesContext,
  commits: readonly Commit[],
  { sealed: scope, after }: EntriesAsked,
  ofSegments: Pick<SealedSearch, "segments" | "span" | "missing" | "signal">,
  most: { entries: number; bytes: number },
): Promise<Part> {
  const transactions = sql.join(
    commits.map(({ transaction }) => sql`${transaction}::bigint`),
    sql`, `,
  );
  const also = sql`id > ${after}::bigint and (id >> ${ORDINAL_BITS}::bigint) in (${transactions})`;
  const search = { ...ofSegments, scope, also, order: "by id" } as const;
  const rows: EntryRow[] = [];
  let bytes = 0;
  // By id, all of it is one chunk.
  for await (const chunk of chunksOf(context, search)) {
    for await (const found of readFound(context, search, chunk, most.entries + 1)) {
      for (const row of found) {
        if (bytes >= most.bytes || rows.length > most.entries) return { rows, isWhole: false };
        rows.push(row);
        bytes += bytesOf(row);
      }
    }
  }
  return { rows, isWhole: true };
}

type Span = { first: number; last: number };

const within = ({ first, last }: Span) =>
  sql`timestamp >= ${new Date(first)}::timestamptz and timestamp < ${new Date(last + 1)}::timestamptz`;

/** What lies between late entries and those of now is not looked at. Spans that are near one another are one, until they are few. */
export function spansOf(commits: readonly Commit[]): Span[] {
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
