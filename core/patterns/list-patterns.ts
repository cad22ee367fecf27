import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, floorTo, HOUR_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { escapeLike } from "@/core/escape-like";
import { LEVELS, type Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import type { Paged } from "@/core/page";
import { barsOf } from "@/core/stats/count-series";
import { OTHER_MESSAGES } from "@/core/stats/get-top-errors";
import { STEP_MS, type TimeRange, windowOf } from "@/core/stats/time-range";
import { canonicalCounts, firstSeenEver } from "./canonical-counts";
import { fingerprintMessage } from "./fingerprint-message";
import { renderTemplate } from "./render-template";
import { patternSample } from "./scan-sample";
import type { PatternOrder, PatternSummary } from "./schemas";

export type PatternsQuery = {
  range: TimeRange;
  order: PatternOrder;
  /** This level and worse; only warnings and worse have patterns. */
  level: Level;
  service?: string;
  /** Those that are muted, instead of the others. */
  muted: boolean;
  /** Part of a message that is kept of it or of what counts as it, in any case of letters, or a whole message of it; empty: all. */
  search: string;
  limit: number;
  offset: number;
};

const rowSchema = z.object({
  pattern: z.string(),
  sample: z.string().nullable(),
  level: z.enum(LEVELS),
  services: z.array(z.string()),
  service_count: z.number(),
  count: z.number(),
  previous_count: z.number(),
  first_seen: z.coerce.date(),
  last_seen: z.coerce.date(),
  first_seen_ever: z.coerce.date(),
  muted: z.boolean(),
  total: z.number(),
});

const barSchema = z.object({ pattern: z.string(), bar: z.number(), count: z.number() });

const ORDERS: Readonly<Record<PatternOrder, ReturnType<typeof sql>>> = {
  count: sql`count desc`,
  newest: sql`first_seen_ever desc`,
  // What grew by most, in entries: a pattern that came twice instead of once is no news.
  growth: sql`count - previous_count desc`,
};

/** A page of the patterns of a range, in the order that is asked for, each with how often it came before and over time. */
export async function listPatterns(context: Context, query: PatternsQuery): Promise<Paged<PatternSummary>> {
  const now = context.clock.now();
  const window = windowOf(query.range, now);
  const length = window.to.getTime() - window.from.getTime();
  const before = { from: addMs(window.from, -length), to: window.from };
  const { service, level } = query;
  const ofService = service === undefined ? undefined : sql`${service}`;
  const result = await context.db.execute(sql`
    with current as (
      select pattern, max(level) as level, array_agg(distinct service order by service) as services, count(distinct service)::int as service_count,
        sum(count)::float8 as count, min(first_seen) as first_seen, max(last_seen) as last_seen
      from ${canonicalCounts({ window, service, coarsest: "day" })} as counts
      where level >= ${level}::logs.level group by pattern
    ), previous as (
      select pattern, sum(count)::float8 as count
      from ${canonicalCounts({ window: before, service, coarsest: "day" })} as counts
      where level >= ${level}::logs.level group by pattern
    ), listed as (
      select current.*, coalesce(previous.count, 0) as previous_count, sample,
        coalesce(${firstSeenEver(sql`current.pattern`, ofService)}, current.first_seen) as first_seen_ever, muted_at is not null as muted
      from current left join previous using (pattern) left join logs.patterns on id = current.pattern
    )
    select pattern, sample, level, services[1:${LIMITS.patternListedServices}] as services, service_count, count, previous_count, first_seen, last_seen, first_seen_ever, muted,
      count(*) over ()::int as total
    from listed where muted = ${query.muted} ${hasMessage(query.search)}
    order by ${ORDERS[query.order]}, last_seen desc, pattern limit ${query.limit} offset ${query.offset}`);
  const rows = z.array(rowSchema).parse(result.rows);
  // No row says how many there are before this page.
  if (rows.length === 0 && query.offset > 0) {
    const { total } = await listPatterns(context, { ...query, limit: 1, offset: 0 });
    return { total, data: [] };
  }
  const bars = await countBars(
    context,
    query,
    rows.map(({ pattern }) => pattern),
    now,
  );
  const data = rows.map(({ total: _, sample, first_seen, last_seen, first_seen_ever, ...row }) => ({
    ...row,
    message: sample ?? OTHER_MESSAGES,
    template: sample === null ? OTHER_MESSAGES : renderTemplate(sample),
    first_seen: first_seen.toISOString(),
    last_seen: last_seen.toISOString(),
    first_seen_ever: first_seen_ever.toISOString(),
    is_new: first_seen_ever >= window.from,
    counts: bars.get(row.pattern) ?? [],
  }));
  return { total: rows[0]?.total ?? 0, data };
}

/** SQL that leaves the patterns of messages that are searched for. What a message is counted as is known without having kept it. */
function hasMessage(search: string): SQL {
  if (search === "") return sql``;
  return sql`and pattern in (
    select coalesce(canonical, known.id) from logs.patterns as known left join logs.pattern_aliases as alias on alias.pattern = known.id
    where known.sample ilike ${`%${escapeLike(search)}%`} or known.id = ${String(fingerprintMessage(patternSample(Buffer.from(search))))}::bigint)`;
}

/** Counts of patterns for each bar of the range. */
export async function countBars(
  { db }: Context,
  { range, service, level }: Pick<PatternsQuery, "range" | "service" | "level">,
  patterns: readonly string[],
  now: Date,
): Promise<Map<string, number[]>> {
  const step = STEP_MS[range];
  const window = windowOf(range, now);
  const first = floorTo(window.from, step).getTime() / step;
  const length = barsOf(range, now).length;
  const result = await db.execute(sql`
    select pattern, floor(date_part('epoch', bucket) / ${step / 1_000})::int - ${first}::int as bar, sum(count)::float8 as count
    from ${canonicalCounts({ window, service, coarsest: step < HOUR_MS ? "minute" : "hour" })} as counts
    where level >= ${level}::logs.level and pattern = any(${sql.param([...patterns])}::bigint[])
    group by 1, 2`);
  const bars = new Map(patterns.map((pattern) => [pattern, new Array<number>(length).fill(0)]));
  for (const { pattern, bar, count } of z.array(barSchema).parse(result.rows)) {
    const counts = bars.get(pattern);
    if (counts) counts[bar] = count;
  }
  return bars;
}
