import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo, MINUTE_MS, SECOND_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { listPartSizes } from "@/core/retention/partitions";
import { SEGMENT_SIZE, type SegmentSize } from "./segment-size";

/** What is to be sealed next: entries of one day, from inclusive, to exclusive, and whether severe ones get a segment of their own. */
export type SealSpan = { from: Date; to: Date; splits: boolean };

/** A day counts as over so long after its end. */
const CLOSED_AFTER_MS = 15 * MINUTE_MS;
/** Above it a segment of severe entries would hold much of what every search passes. */
const MOST_SEVERE_SHARE = 0.25;
/** The latest stay, as that is what people look at, and what late lines come to. */
const KEPT_ENTRIES = LIMITS.hotEntries / 2;

/**
 * The next entries to be sealed: those of a day that is over, the oldest first, when they are many or have waited long; and when there
 * are too many that are not sealed, the oldest of the day with the most, as few late lines of each of many days would make as many small
 * segments. Null when nothing is to be done.
 * @param isBusy entries come so fast that only what is far too much is sealed
 */
export async function chooseSpan(
  { db, clock }: Context,
  isBusy = false,
  size: SegmentSize = SEGMENT_SIZE,
): Promise<SealSpan | null> {
  const most = isBusy ? LIMITS.busyHotEntries : LIMITS.hotEntries;
  const parts = await listPartSizes(db);
  const waiting: Waiting[] = [];
  for (const part of parts) {
    const isOver = addMs(part.to, CLOSED_AFTER_MS) <= clock.now();
    const rows = await countUpTo(db, part.from, part.to, Math.max(LIMITS.segmentEntries, most + 1));
    if (rows === 0) continue;
    if (isOver && !isBusy && (rows >= LIMITS.lateEntries || !(await isSealedLately({ db, clock }, part.from)))) {
      return cut(db, part.from, part.to, size);
    }
    waiting.push({ day: floorTo(part.from, DAY_MS), rows });
  }
  const hot = waiting.reduce((sum, { rows }) => sum + rows, 0);
  const largest = largestOf(waiting);
  if (!largest || hot <= most) return null;
  const { day, rows } = largest;
  return cut(db, day, addMs(day, DAY_MS), { ...size, entries: Math.min(rows, size.entries) });
}

/** Entries of a day, or of a part of one, that are not sealed. */
type Waiting = { day: Date; rows: number };

/** The day with the most entries besides the latest of all, with how many that are; of equal ones the oldest. */
function largestOf(waiting: readonly Waiting[]): Waiting | null {
  const days: Waiting[] = [];
  let kept = KEPT_ENTRIES;
  for (const { day, rows } of [...waiting].reverse()) {
    const stay = Math.min(kept, rows);
    kept -= stay;
    const [known] = days;
    if (known?.day.getTime() === day.getTime()) known.rows += rows - stay;
    else days.unshift({ day, rows: rows - stay });
  }
  return days.reduce<Waiting | null>((largest, one) => (largest && largest.rows >= one.rows ? largest : one), null);
}

async function countUpTo(db: Executor, from: Date, to: Date, most: number): Promise<number> {
  const result = await db.execute(sql`
    select count(*)::int as rows from (
      select 1 from logs.logs where timestamp >= ${from}::timestamptz and timestamp < ${to}::timestamptz limit ${most}) as counted`);
  return z.tuple([z.object({ rows: z.number() })]).parse(result.rows)[0].rows;
}

async function isSealedLately({ db, clock }: Context, from: Date): Promise<boolean> {
  const day = floorTo(from, DAY_MS);
  const result = await db.execute(sql`
    select 1 from logs.segments
    where last_timestamp >= ${day}::timestamptz and first_timestamp < ${addMs(day, DAY_MS)}::timestamptz
      and created_at > ${addMs(clock.now(), -LIMITS.lateMs)}::timestamptz limit 1`);
  return result.rows.length > 0;
}

const secondSchema = z.object({ second: z.coerce.date(), rows: z.number(), severe: z.number() });

/** The first seconds of a time that have entries, up to as many as may be. */
async function cut(db: Executor, from: Date, to: Date, most: SegmentSize): Promise<SealSpan | null> {
  const result = await db.execute(sql`
    select second, rows, severe from (
      select second, rows, severe, sum(rows) over until - rows as rows_before, sum(bytes) over until - bytes as bytes_before from (
        select date_bin('1 second', timestamp, timestamptz 'epoch') as second, count(*)::int as rows,
          count(*) filter (where level >= 'error')::int as severe,
          sum(octet_length(message) + coalesce(octet_length(attributes::text), 0)) as bytes from logs.logs
        where timestamp >= ${from}::timestamptz and timestamp < ${to}::timestamptz group by 1) as counted
      window until as (order by second)) as summed
    where rows_before < ${most.entries}::float8 and bytes_before < ${most.textBytes}::float8 order by second`);
  const seconds = z.array(secondSchema).parse(result.rows);
  const [first, last] = [seconds[0], seconds.at(-1)];
  if (!first || !last) return null;
  const totalOf = (count: "rows" | "severe") => seconds.reduce((sum, second) => sum + second[count], 0);
  const splits = areSplit(totalOf("rows"), totalOf("severe"));
  return { from: first.second, to: addMs(last.second, SECOND_MS), splits };
}

/** Whether severe entries are worth a segment of their own: enough to fill some of a block, and not most of what there is. */
export const areSplit = (rows: number, severe: number): boolean =>
  severe >= LIMITS.severeEntries && severe <= rows * MOST_SEVERE_SHARE;
