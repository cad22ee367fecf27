import { type SQL, sql } from "drizzle-orm";
import { addMs, ceilTo, DAY_MS, floorTo, HOUR_MS } from "@/core/clock";
import type { Window } from "./time-range";

/** What is counted by the minute and rolled up to hours and days. */
export const ENTRY_COUNTS = { tables: "stats", columns: sql.raw("bucket, service, level, count") } as const;
export const PATTERN_COUNTS = {
  tables: "pattern",
  columns: sql.raw("bucket, service, level, pattern, count, first_seen, last_seen"),
} as const;

type Counted = typeof ENTRY_COUNTS | typeof PATTERN_COUNTS;
type Resolution = "minute" | "hour" | "day";

/** @returns `logs.stats_hour` and the like */
export const tableOf = (counted: Counted, resolution: Resolution) =>
  sql`logs.${sql.identifier(`${counted.tables}_${resolution}`)}`;

export type CountFilter = {
  window: Window;
  /** Only of this one, or of these. */
  service?: string | readonly string[];
  /** The coarsest bucket that may stand for its part of the window; a chart needs buckets no wider than its bars. */
  coarsest: Resolution;
};

/**
 * SQL of a subquery with the rows that count exactly what lies in the window: whole days and hours from the roll-ups where
 * they are complete and not stale, everything else from the minutes. One statement, so one snapshot: a roll-up that
 * commits meanwhile is seen with its mark or not at all (ADR 5).
 */
export function countsWithin(counted: Counted, { window, service, coarsest }: CountFilter): SQL {
  const { from, to } = window;
  const ofService =
    service === undefined
      ? sql``
      : typeof service === "string"
        ? sql`and service = ${service}`
        : sql`and service = any(${sql.param([...service])}::text[])`;
  // An empty series when whole days may not be used.
  const lastDay = coarsest === "day" ? addMs(floorTo(to, DAY_MS), -DAY_MS) : addMs(from, -DAY_MS);
  const hoursUsable = coarsest === "minute" ? sql`false` : sql`true`;
  const rows = (resolution: Resolution) => sql`select ${counted.columns} from ${tableOf(counted, resolution)}`;
  return sql`(
    with day_slot as materialized (
      select slot from generate_series(${ceilTo(from, DAY_MS)}::timestamptz, ${lastDay}::timestamptz, interval '1 day') as slot
      where slot < (select complete_until from logs.stats_progress where resolution = 'day')
        and not exists (
          select from logs.stats_stale
          where (resolution = 'day' and bucket = slot)
            or (resolution = 'hour' and bucket >= slot and bucket < slot + interval '1 day'))
    ), hour_slot as materialized (
      select greatest(slot, ${from}::timestamptz) as starts, least(slot + interval '1 hour', ${to}::timestamptz) as ends,
        ${hoursUsable} and slot >= ${from}::timestamptz and slot + interval '1 hour' <= ${to}::timestamptz
          and slot < (select complete_until from logs.stats_progress where resolution = 'hour')
          and not exists (select from logs.stats_stale where resolution = 'hour' and bucket = slot) as usable
      from generate_series(${floorTo(from, HOUR_MS)}::timestamptz, ${addMs(to, -1)}::timestamptz, interval '1 hour') as hour_slots (slot)
      where not exists (select from day_slot where day_slot.slot = date_trunc('day', hour_slots.slot, 'UTC'))
    )
    select found.* from day_slot cross join lateral (${rows("day")} where bucket = slot ${ofService} offset 0) as found
    union all
    select found.* from hour_slot cross join lateral (${rows("hour")} where bucket = starts ${ofService} offset 0) as found
    where usable
    union all
    select found.* from hour_slot cross join lateral (
      ${rows("minute")} where bucket >= starts and bucket < ends ${ofService} offset 0) as found
    where not usable
  )`;
}
