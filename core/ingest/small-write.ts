import { type SQL, sql } from "drizzle-orm";
import { findAnyThreshold } from "@/core/alerts/evaluate-minutes";
import { codeOf, SQL_STATES } from "@/core/error-code";
import { LIMITS } from "@/core/limits";
import { recordCommit } from "@/core/realtime/commits";
import type { EntryRow } from "@/core/search/entry-row";
import { inOneTrip, runPrepared } from "@/db/prepared";
import { CommitUnknown } from "./commit-unknown";
import { isPartitionMissing } from "./copy-rows";
import { ORDINAL_BITS } from "./entry-id";
import { readRows } from "./read-rows";
import { countsOf, isJudged } from "./record-counts";
import type { RowBlock } from "./row-block";
import { Tally } from "./tally";
import { asFault, isDefinite, isPassing, type KnownPartitions, type WriteContext } from "./write";

/** Whether rows are so few that they are written in one trip, and nobody has to get them before they are committed. */
export function isSmall({ recent }: WriteContext, blocks: readonly RowBlock[]): boolean {
  let rows = 0;
  let bytes = 0;
  for (const block of blocks) {
    rows += block.rows;
    bytes += block.bytes.length;
  }
  return (
    !recent.isWantedBy("tails") &&
    rows > 0 &&
    rows <= LIMITS.smallTransactionRows &&
    bytes <= LIMITS.smallTransactionBytes
  );
}

/**
 * Writes few rows, with all that Write does, in one way to the server and back: what waits there for locks waits for no client in
 * between. Where a threshold may have been crossed nothing is written, since only the counts that are there then tell what comes next.
 * @returns whether it was written
 * @throws what PostgreSQL says, after which nothing is written; CommitUnknown when that is not known
 */
export async function writeSmall(
  context: WriteContext,
  partitions: KnownPartitions,
  blocks: readonly RowBlock[],
): Promise<boolean> {
  const tally = new Tally();
  for (const block of blocks) {
    await partitions.ensure(block.tally);
    tally.merge(block.tally);
  }
  const rows = blocks.flatMap((block) => [...readRows(block)]);
  const { first, last } = tally.span();
  const now = context.clock.now();
  const commit = { transaction: null, rows: rows.length, firstTimestamp: first, lastTimestamp: last };
  const { counts, lock, add } = countsOf(tally, now);
  const client = await context.pool.connect().catch((error: unknown) => Promise.reject(asFault(error)));
  try {
    const [, , , added, committed] = await inOneTrip(client, () => [
      client.query("begin"),
      runPrepared(client, insertRows(rows)),
      runPrepared(client, lock),
      runPrepared<{ has_new_patterns: boolean }>(client, add),
      runPrepared<{ transaction: string }>(client, recordCommit(commit, now)),
      runPrepared(client, refuseAny(findAnyThreshold(counts.filter(isJudged)))),
      client.query("commit"),
    ]);
    client.release();
    // Who judges alerts before this reads them from the database.
    const { transaction } = committed.rows[0] ?? {};
    if (transaction !== undefined && context.recent.isWanted)
      context.recent.add(transaction, numbered(blocks, transaction));
    if (added.rows[0]?.has_new_patterns === true) context.newPatterns.wake();
    context.sealSoon.written(rows.length);
    return true;
  } catch (error) {
    const isEnded = isDefinite(error);
    client.release(!isEnded);
    if (codeOf(error) === SQL_STATES.divisionByZero) return false;
    if (isPartitionMissing(error)) partitions.forget();
    context.room.noteFailure(error);
    throw !isEnded && isPassing(error) && error instanceof Error ? new CommitUnknown(error) : error;
  }
}

/** Blocks as the transaction wrote them, with the ids of their rows (insertRows). */
function numbered(blocks: readonly RowBlock[], transaction: string): readonly RowBlock[] {
  let ordinal = 0;
  for (const block of blocks) {
    block.numberRows(Number(transaction), ordinal);
    block.isKept = true;
    ordinal += block.rows;
  }
  return blocks;
}

/** Fails when the query has any row, so that the commit after it undoes everything. */
const refuseAny = (query: SQL) => sql`select 1 / (count(*) = 0)::int from (${query}) as refused`;

const column = <Value>(rows: readonly EntryRow[], read: (row: EntryRow) => Value) => sql.param(rows.map(read));

/** The same rows as by COPY, with ids of this transaction (entry-id.ts). */
const insertRows = (rows: readonly EntryRow[]) => sql`
  insert into logs.logs (id, timestamp, service, level, message, pattern, tags, attributes) overriding system value
  select (mine.id << ${ORDINAL_BITS}::int) + place - 1, timestamptz 'epoch' + micros * interval '1 microsecond', service, level, message,
    pattern, case when tags is not null then array(select json_array_elements_text(tags)) end, attributes
  from unnest(
    ${column(rows, ({ micros }) => micros)}::bigint[],
    ${column(rows, ({ service }) => service)}::text[],
    ${column(rows, ({ level }) => level)}::logs.level[],
    ${column(rows, ({ message }) => message)}::text[],
    ${column(rows, ({ pattern }) => pattern)}::bigint[],
    ${column(rows, ({ tags }) => tags && JSON.stringify(tags))}::json[],
    ${column(rows, ({ attributes }) => attributes)}::json[])
    with ordinality as sent (micros, service, level, message, pattern, tags, attributes, place)
  cross join (select pg_current_xact_id()::text::bigint as id) as mine`;
