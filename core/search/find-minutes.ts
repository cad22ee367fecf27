import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
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
  const ofLevels = levels === null ? sql`` : sql`and level = any(${sql.param(levels)}::logs.level[])`;
  const within = sql`bucket >= ${floorTo(from, MINUTE_MS)}::timestamptz and bucket < ${to}::timestamptz ${ofLevels}`;
  // By service the index of each is walked from its end; one condition on all of them would walk over all others.
  const result = await db.execute(
    services === null
      ? sql`select max(bucket) as bucket from logs.stats_minute where ${within}`
      : sql`
        select max(latest.bucket) as bucket from unnest(${sql.param(services)}::text[]) as name cross join lateral (
          select bucket from logs.stats_minute where service = name and ${within} order by bucket desc limit 1) as latest`,
  );
  return z.array(z.object({ bucket: z.coerce.date().nullable() })).parse(result.rows)[0]?.bucket ?? null;
}
