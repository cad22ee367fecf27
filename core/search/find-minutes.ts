import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, HOUR_MS, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import type { Level } from "@/core/levels";
import type { Required } from "./query/required";

/** SQL that narrows counts to what a query requires; begins with "and". */
export const restriction = ({ services, levels }: Required): SQL => sql`
  ${services === null ? sql`` : sql`and service = any(${sql.param(services)}::text[])`}
  ${levels === null ? sql`` : sql`and level = any(${sql.param(levels)}::logs.level[])`}`;

/** How many entries with what a query requires lie in the minutes from `from` to before `to`: at most so many can match. */
export async function countCandidates(db: Executor, required: Required, from: Date, to: Date): Promise<number> {
  const result = await db.execute(sql`
    select coalesce(sum(count), 0)::float8 as count from logs.stats_minute
    where bucket >= ${floorTo(from, MINUTE_MS)}::timestamptz and bucket < ${to}::timestamptz ${restriction(required)}`);
  return z.array(z.object({ count: z.number() })).parse(result.rows)[0]?.count ?? 0;
}

/** The latest minute from `from` to before `to` that can hold a match; null for none. */
export async function latestCandidate(db: Executor, required: Required, from: Date, to: Date): Promise<Date | null> {
  const { services, levels } = required;
  if (services === null && levels !== null) return latestOfLevels(db, levels, from, to);
  const within = bucketsWithin(levels, floorTo(from, MINUTE_MS), to);
  // By service the index of each is walked from its end; one condition on all of them would walk over all others.
  return latestOf(
    db,
    services === null
      ? sql`select max(bucket) as bucket from logs.stats_minute where ${within}`
      : sql`
        select max(latest.bucket) as bucket from unnest(${sql.param(services)}::text[]) as name cross join lateral (
          select bucket from logs.stats_minute where service = name and ${within} order by bucket desc limit 1) as latest`,
  );
}

/**
 * The same of levels of any service, which may be rare: of a month without any the minutes of all services would be walked. So hours are
 * asked, as far as they are complete, and then the minutes of one that has some.
 */
async function latestOfLevels(db: Executor, levels: Level[], from: Date, to: Date): Promise<Date | null> {
  const minutes = (start: Date, end: Date) =>
    latestOf(db, sql`select max(bucket) as bucket from logs.stats_minute where ${bucketsWithin(levels, start, end)}`);
  const first = floorTo(from, MINUTE_MS);
  const complete = await latestOf(
    db,
    sql`select complete_until as bucket from logs.stats_progress where resolution = 'hour'`,
  );
  const byHours = new Date(
    Math.max(first.getTime(), Math.min(complete?.getTime() ?? 0, floorTo(to, HOUR_MS).getTime())),
  );
  let found = await minutes(byHours, to);
  for (let end = byHours; found === null && end > first; ) {
    const hours = bucketsWithin(levels, floorTo(first, HOUR_MS), end);
    const hour = await latestOf(db, sql`select max(bucket) as bucket from logs.stats_hour where ${hours}`);
    if (hour === null) return null;
    // Minutes may be gone of which an hour still tells, and others lie before the time that is asked for.
    const [start, next] = [Math.max(hour.getTime(), first.getTime()), addMs(hour, HOUR_MS).getTime()];
    found = await minutes(new Date(start), new Date(Math.min(next, end.getTime())));
    end = hour;
  }
  return found;
}

const bucketsWithin = (levels: Required["levels"], from: Date, to: Date): SQL => sql`
  bucket >= ${from}::timestamptz and bucket < ${to}::timestamptz ${restriction({ services: null, levels })}`;

async function latestOf(db: Executor, query: SQL): Promise<Date | null> {
  const { rows } = await db.execute(query);
  return z.array(z.object({ bucket: z.coerce.date().nullable() })).parse(rows)[0]?.bucket ?? null;
}
