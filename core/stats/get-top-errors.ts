import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { canonicalCounts, firstSeenEver } from "@/core/patterns/canonical-counts";
import { isOtherPattern } from "@/core/patterns/pattern-id";
import { renderTemplate } from "@/core/patterns/render-template";
import type { TopErrorMessage } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

/** So many an answer has that is not of top errors alone. */
export const TOP_ERRORS = 10;

export type TopErrorsQuery = { range: TimeRange; limit: number; service?: string };

/** What stands in the place of a message for all those above the limit of distinct messages a minute. */
export const OTHER_MESSAGES = "(other messages: too many different ones to count each)";

const rowSchema = z.object({
  sample: z.string().nullable(),
  service: z.string(),
  level: z.enum(LEVELS),
  pattern: z.string(),
  count: z.number(),
  first_seen: z.coerce.date(),
  last_seen: z.coerce.date(),
  first_seen_ever: z.coerce.date().nullable(),
});

/** The most frequent patterns of errors and fatals of the range that are not muted, most frequent first; equal counts by the latest. */
export async function getTopErrors({ db, clock }: Context, query: TopErrorsQuery): Promise<TopErrorMessage[]> {
  const window = windowOf(query.range, clock.now());
  const counts = canonicalCounts({ window, service: query.service, coarsest: "day" });
  const result = await db.execute(sql`
    with top as (
      select service, level, pattern,
        sum(count::float8) as count, min(first_seen) as first_seen, max(last_seen) as last_seen
      from ${counts} as counts
      where level >= 'error' and pattern not in (select id from logs.patterns where muted_at is not null)
      group by service, level, pattern
      order by count desc, last_seen desc, service, level, pattern
      limit ${query.limit}
    )
    select top.*, patterns.sample, ${firstSeenEver(sql`top.pattern`, sql`top.service`)} as first_seen_ever
    from top left join logs.patterns on patterns.id = top.pattern
    order by top.count desc, top.last_seen desc, service, level, pattern`);
  return z
    .array(rowSchema)
    .parse(result.rows)
    .map(({ sample, pattern, first_seen, last_seen, first_seen_ever, ...row }) => {
      const message = isOtherPattern(pattern) ? OTHER_MESSAGES : (sample ?? "");
      return {
        message,
        ...row,
        first_seen: first_seen.toISOString(),
        last_seen: last_seen.toISOString(),
        pattern,
        template: sample === null ? message : renderTemplate(sample),
        first_seen_ever: (first_seen_ever ?? first_seen).toISOString(),
      };
    });
}
