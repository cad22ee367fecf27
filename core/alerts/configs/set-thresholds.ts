import { sql } from "drizzle-orm";
import { z } from "zod";
import { floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import type { alertConfigs } from "@/db/schema";
import { evaluateMinutes } from "../evaluate-minutes";

export type Thresholds = { error: number; warning: number; pattern: number | null };

/** What a configuration asks for; null while it is switched off. */
export const thresholdsOf = (row: typeof alertConfigs.$inferSelect): Thresholds | null =>
  row.enabled
    ? { error: row.errorThresholdPerMin, warning: row.warningThresholdPerMin, pattern: row.patternThresholdPerMin }
    : null;

/**
 * Makes thresholds hold from the minute that runs now on, and judges that minute and those ahead of it anew. The caller
 * holds the lock "aggregation" exclusively, so no entry is being counted meanwhile.
 * @param thresholds null for none any more
 * @returns ids of deliveries to be sent after commit
 */
export async function setThresholds(
  transaction: Executor,
  service: string,
  thresholds: Thresholds | null,
  now: Date,
): Promise<string[]> {
  const from = floorTo(now, MINUTE_MS);
  const error = thresholds?.error ?? null;
  const warning = thresholds?.warning ?? null;
  const pattern = thresholds?.pattern ?? null;
  await transaction.execute(sql`
    insert into logs.alert_thresholds (service, valid_from, error_threshold, warning_threshold, pattern_threshold)
    values (${service}, ${from}::timestamptz, ${error}::int, ${warning}::int, ${pattern}::int)
    on conflict (service, valid_from) do update
    set error_threshold = excluded.error_threshold, warning_threshold = excluded.warning_threshold,
      pattern_threshold = excluded.pattern_threshold`);
  await transaction.execute(sql`
    delete from logs.alert_violations
    where service = ${service} and timestamp >= ${from}::timestamptz and not coalesce(
      current_count > case when pattern is not null then ${pattern}::int when level = 'error' then ${error}::int
        else ${warning}::int end, false)`);
  const minutes = await transaction.execute(sql`
    select distinct bucket, service from logs.stats_minute
    where service = ${service} and bucket >= ${from}::timestamptz and level >= 'warning'`);
  const rows = z.array(z.object({ bucket: z.coerce.date(), service: z.string() })).parse(minutes.rows);
  return evaluateMinutes(transaction, rows, now);
}
