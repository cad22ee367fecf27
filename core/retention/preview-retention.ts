import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { cutoffOfEntry } from "./cutoff-of-entry";
import { cutoffOf, type RetentionPlan } from "./retention-plan";
import type { RetentionPreview } from "./schemas";

/** Services and levels that are named, those with the most entries. */
const MOST_NAMED = 5;

const rowSchema = z.object({
  service: z.string(),
  level: z.enum(LEVELS),
  entries: z.coerce.number(),
  total: z.coerce.number(),
  groups: z.coerce.number(),
});

/** Which entries a retention would remove with its next run, by their counts. */
export async function previewRetention({ db, clock }: Context, plan: RetentionPlan): Promise<RetentionPreview> {
  const now = clock.now();
  const result = await db.execute(sql`
    select service, level, sum(count) as entries, sum(sum(count)) over () as total, count(*) over () as groups
    from logs.stats_minute
    where bucket < ${cutoffOf(now, plan.shortestDays)}::timestamptz and bucket < ${cutoffOfEntry(plan, now)}
    group by service, level order by entries desc, service, level limit ${MOST_NAMED}`);
  const rows = z.array(rowSchema).parse(result.rows);
  const [first] = rows;
  return {
    entries: first?.total ?? 0,
    groups: first?.groups ?? 0,
    largest: rows.map(({ service, level, entries }) => ({ service, level, entries })),
  };
}
