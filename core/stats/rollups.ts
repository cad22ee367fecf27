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

/** The coarsest bucket of which each lies within one step of a chart. @param stepMs of UTC, whole minutes */
export function coarsestWithin(stepMs: number): Resolution {
  if (stepMs % DAY_MS === 0) return "day";
  return stepMs % HOUR_MS === 0 ? "hour" : "minute";
}

const ofService = (service: CountFilter["service"]): SQL => {
  if (service === undefined) return sql``;
  return typeof service === "string"
    ? sql`and service = ${service}`
    : sql`and service = any(${sql.param([...service])}::text[])`;
};

const earlier = (one: Date, other: Date) => (one < other ? one : other);

/**
 * SQL of a subquery with the rows that count exactly what lies in the window: whole days and hours from the roll-ups as far as
 * those are complete, the minutes at both ends from the minutes. Late entries are added to their minute, hour and day at once, so
 * a roll-up that is complete stays right (ADR 27). One statement, so one snapshot: how far they are complete fits what is read.
 * @param filter.rolledUpFrom before it only minutes are read: entries are gone of which hours and days still tell
 */
export function countsWithin({
  window: { from, to },
  service,
  coarsest,
  rolledUpFrom = from,
}: CountFilter & { rolledUpFrom?: Date }): SQL {
  const fromHour = coarsest === "minute" ? to : earlier(ceilTo(rolledUpFrom > from ? rolledUpFrom : from, HOUR_MS), to);
  const fromDay = coarsest === "day" ? earlier(ceilTo(fromHour, DAY_MS), to) : to;
  const rows = (resolution: Resolution, where: SQL) =>
    sql`select ${ENTRY_COUNTS.columns} from ${tableOf(ENTRY_COUNTS, resolution)} where ${where} ${ofService(service)}`;
  const first = rows("minute", sql`bucket >= ${from}::timestamptz and bucket < ${fromHour}::timestamptz`);
  // What can't be in the window is left out, as planning it takes longer than finding nothing.
  if (fromHour >= to) return sql`(${first})`;
  const completeUntil = (resolution: "hour" | "day") =>
    sql`(select complete_until from logs.stats_progress where resolution = ${resolution})`;
  const hours = sql`hours as materialized (
    select ${fromHour}::timestamptz as starts,
      greatest(${fromHour}::timestamptz, least(${floorTo(to, HOUR_MS)}::timestamptz, ${completeUntil("hour")})) as ends)`;
  const ofHours = sql`
    ${first}
    union all
    select found.* from hour_slot cross join lateral (${rows("hour", sql`bucket = slot`)} offset 0) as found
    union all
    ${rows("minute", sql`bucket >= (select ends from hours) and bucket < ${to}::timestamptz`)}`;
  if (fromDay >= to) {
    return sql`(
      with ${hours}, hour_slot as materialized (
        select generate_series(starts, ends - interval '1 hour', interval '1 hour') as slot from hours
      )
      ${ofHours}
    )`;
  }
  return sql`(
    with ${hours}, days as materialized (
      select least(${fromDay}::timestamptz, ends) as starts,
        greatest(least(${fromDay}::timestamptz, ends), least(${floorTo(to, DAY_MS)}::timestamptz, ends, ${completeUntil("day")})) as ends
      from hours
    ), hour_slot as materialized (
      select generate_series(hours.starts, days.starts - interval '1 hour', interval '1 hour') as slot from hours, days
      union all
      select generate_series(days.ends, hours.ends - interval '1 hour', interval '1 hour') from hours, days
    ), day_slot as materialized (
      select generate_series(starts, ends - interval '1 day', interval '1 day') as slot from days
    )
    ${ofHours}
    union all
    select found.* from day_slot cross join lateral (${rows("day", sql`bucket = slot`)} offset 0) as found
  )`;
}

/**
 * The same of patterns. Of an hour and of a day only the most frequent are kept, so late ones can't be added: buckets to which some
 * came are stale, and their part comes from the minutes until the next run corrects them (ADR 5).
 */
export function patternCountsWithin({ window: { from, to }, service, coarsest }: CountFilter): SQL {
  // An empty series when whole days may not be used.
  const lastDay = coarsest === "day" ? addMs(floorTo(to, DAY_MS), -DAY_MS) : addMs(from, -DAY_MS);
  const hoursUsable = coarsest === "minute" ? sql`false` : sql`true`;
  const rows = (resolution: Resolution) =>
    sql`select ${PATTERN_COUNTS.columns} from ${tableOf(PATTERN_COUNTS, resolution)}`;
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
    select found.* from day_slot cross join lateral (${rows("day")} where bucket = slot ${ofService(service)} offset 0) as found
    union all
    select found.* from hour_slot cross join lateral (${rows("hour")} where bucket = starts ${ofService(service)} offset 0) as found
    where usable
    union all
    select found.* from hour_slot cross join lateral (
      ${rows("minute")} where bucket >= starts and bucket < ends ${ofService(service)} offset 0) as found
    where not usable
  )`;
}
