import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LEVELS, type Level } from "@/core/levels";
import { microsToSql } from "@/core/search/entry-row";
import { SEGMENT_PROBLEMS } from "@/db/schema/segments";
import { type AttributeColumn, attributeColumnSchema } from "./attribute-columns";
import { type Hidden, hiddenSchema } from "./hidden";
import type { SegmentProblem } from "./note-check";
import type { Block } from "./write/staged-rows";

/** A row of logs.segments. Times in microseconds since 1970, both inclusive. */
export type Segment = {
  id: number;
  path: string;
  firstMicros: number;
  lastMicros: number;
  rows: number;
  bytes: number;
  /** Of its entries as text; null: of a version that did not count it. */
  textBytes: number | null;
  checksum: string;
  /** Null: too many to be listed. */
  services: string[] | null;
  levels: Level[];
  /** What of the file counts as removed; null: nothing. */
  hidden: Hidden | null;
  /** How many of `rows` that are. */
  hiddenRows: number;
  /** What is known to be wrong with its file. */
  problem: SegmentProblem | null;
  /** None in segments that were written before there were any. */
  attributeColumns: AttributeColumn[];
};

const COLUMNS =
  sql.raw(`segments.id, path, rows, bytes, text_bytes as "textBytes", checksum, services, levels::text[] as levels, hidden, hidden_rows as "hiddenRows",
  attribute_columns as "attributeColumns",
  (extract(epoch from first_timestamp) * 1000000)::bigint as "firstMicros",
  (extract(epoch from last_timestamp) * 1000000)::bigint as "lastMicros", problem`);

/** What COLUMNS are of. */
const CATALOGUE = sql.raw("logs.segments left join logs.segment_checks on segment = segments.id");

const segmentSchema = z.object({
  id: z.coerce.number(),
  path: z.string(),
  firstMicros: z.coerce.number(),
  lastMicros: z.coerce.number(),
  rows: z.number(),
  bytes: z.coerce.number(),
  textBytes: z.coerce.number().nullable(),
  checksum: z.string(),
  services: z.array(z.string()).nullable(),
  levels: z.array(z.enum(LEVELS)),
  hidden: hiddenSchema.nullable(),
  hiddenRows: z.number(),
  problem: z.enum(SEGMENT_PROBLEMS).nullable(),
  attributeColumns: z.array(attributeColumnSchema),
});

/** Which segments are to be checked: those that were not since, if need be only those of which a problem is known. */
export type Due = { checkedBefore: Date; hasProblem?: boolean };

/** Those with entries from `from` to before `to`, the latest first. */
export async function listSegments(db: Executor, from: Date, to: Date): Promise<Segment[]> {
  const result = await db.execute(sql`
    select ${COLUMNS} from ${CATALOGUE}
    where last_timestamp >= ${from}::timestamptz and first_timestamp < ${to}::timestamptz
    order by last_timestamp desc, segments.id desc`);
  return z.array(segmentSchema).parse(result.rows);
}

/** Segments behind one, in the order of their ids. */
export async function listSegmentsAfter(db: Executor, id: number, limit: number): Promise<Segment[]> {
  const result = await db.execute(sql`
    select ${COLUMNS} from ${CATALOGUE} where segments.id > ${id} order by segments.id limit ${limit}`);
  return z.array(segmentSchema).parse(result.rows);
}

/** Segments that are to be checked: those that never were, then those for which that is longest ago. @param passedOver their ids */
export async function listDueSegments(
  db: Executor,
  { checkedBefore, hasProblem = false }: Due,
  passedOver: readonly number[],
  limit: number,
): Promise<Segment[]> {
  const known = hasProblem ? sql`and problem is not null` : sql``;
  const result = await db.execute(sql`
    select ${COLUMNS} from ${CATALOGUE}
    where (checked_at is null or checked_at < ${checkedBefore}::timestamptz) ${known}
      and segments.id <> all(${sql.param([...passedOver])}::bigint[])
    order by checked_at nulls first, segments.id limit ${limit}`);
  return z.array(segmentSchema).parse(result.rows);
}

export type NewSegment = Omit<Segment, "id" | "hidden" | "hiddenRows" | "problem"> & {
  blocks: readonly Block[];
};

/** Names a file whose entries are to be found from this transaction's commit on. */
export async function insertSegment(
  transaction: Executor,
  segment: NewSegment,
  { formatVersion, now }: { formatVersion: number; now: Date },
): Promise<number> {
  const { path, rows, bytes, textBytes, checksum, services, levels, firstMicros, lastMicros } = segment;
  const result = await transaction.execute(sql`
    insert into logs.segments
      (path, first_timestamp, last_timestamp, rows, bytes, text_bytes, checksum, format_version, services, levels, attribute_columns, created_at)
    values (${path}, ${microsToSql(firstMicros)}, ${microsToSql(lastMicros)}, ${rows}, ${bytes}, ${textBytes}, ${checksum}, ${formatVersion},
      ${sql.param(services)}::text[], ${sql.param(levels)}::logs.level[], ${JSON.stringify(segment.attributeColumns)}::json, ${now}::timestamptz)
    returning id`);
  const [{ id }] = z.tuple([z.object({ id: z.coerce.number() })]).parse(result.rows);
  for (const [number, block] of segment.blocks.entries()) {
    await transaction.execute(sql`
      insert into logs.segment_blocks (segment, number, first_timestamp, last_timestamp, rows, words, ranges)
      values (${id}, ${number}, ${microsToSql(block.firstMicros)}, ${microsToSql(block.lastMicros)}, ${block.rows}, ${block.words},
        ${JSON.stringify(block.ranges)}::json)`);
  }
  return id;
}

/** One; null when it has gone meanwhile. */
export async function findSegment(db: Executor, id: number): Promise<Segment | null> {
  const result = await db.execute(sql`select ${COLUMNS} from ${CATALOGUE} where segments.id = ${id}`);
  return z.array(segmentSchema).parse(result.rows)[0] ?? null;
}

/** Lets readers pass over more of a segment. @param more how many entries that are */
export async function hideInSegment(
  transaction: Executor,
  id: number,
  { hidden, more, now }: { hidden: Hidden; more: number; now: Date },
): Promise<void> {
  await transaction.execute(sql`
    update logs.segments set hidden = ${JSON.stringify(hidden)}::json, hidden_rows = hidden_rows + ${more},
      hidden_since = case when hidden_rows + ${more} > 0 then coalesce(hidden_since, ${now}::timestamptz) end
    where id = ${id}`);
  // What was computed of more than is there now is asked for no more.
  await transaction.execute(sql`delete from logs.segment_groups where segment = ${id}`);
}

/** Takes segments out of the catalogue; their files are removed later (remove-orphans.ts). */
export async function deleteSegments(transaction: Executor, ids: readonly number[]): Promise<void> {
  await transaction.execute(sql`delete from logs.segments where id = any(${sql.param([...ids])}::bigint[])`);
}

const blockSchema = z.object({
  segment: z.coerce.number(),
  firstMicros: z.coerce.number(),
  lastMicros: z.coerce.number(),
  rows: z.number(),
  words: z.instanceof(Buffer).nullable(),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/** A block as it was read: words are null where they were not asked for. */
export type ReadBlock = Omit<Block, "words"> & { words: Buffer | null };

/**
 * The blocks of segments, in this order of them, of as many as have `mostBytes` together, at least of the first that has any.
 * @param options.withWords whether their filters are read, which are most of the bytes
 */
export async function readBlocks(
  db: Executor,
  ids: readonly number[],
  { withWords, mostBytes }: { withWords: boolean; mostBytes: number },
): Promise<(ReadBlock & { segment: number })[]> {
  const bytes = withWords ? sql`pg_column_size(ranges) + octet_length(words)` : sql`pg_column_size(ranges)`;
  const result = await db.execute(sql`
    select segment, rows, ${withWords ? sql`words` : sql`null::bytea as words`}, ranges,
      (extract(epoch from first_timestamp) * 1000000)::bigint as "firstMicros",
      (extract(epoch from last_timestamp) * 1000000)::bigint as "lastMicros"
    from (
      select segment_blocks.*, place, min(place) over () as first, sum(${bytes}) over (order by place) as bytes
      from unnest(${sql.param([...ids])}::bigint[]) with ordinality as asked (id, place)
      join logs.segment_blocks on segment = id) as sized
    where place = first or bytes <= ${mostBytes} order by place, number`);
  return z.array(blockSchema).parse(result.rows);
}
