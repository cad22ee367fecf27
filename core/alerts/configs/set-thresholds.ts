import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import { evaluateMinutes } from "../evaluate-minutes";
import { configFor } from "../incidents/alert-of";

/**
 * Makes what a service's configuration asks for now hold from the running minute on, and judges that minute and those ahead of it
 * anew: of its own one, else of that for every service; none while it is switched off. Of the one for every service it does so for
 * all services that have none of their own. The caller holds the lock "aggregation" exclusively, so no entry is being counted
 * meanwhile.
 * @returns ids of deliveries to be sent after commit
 */
export async function setThresholds(transaction: Executor, service: string, now: Date): Promise<string[]> {
  const from = floorTo(now, MINUTE_MS);
  const isEvery = service === EVERY_SERVICE;
  const affected = isEvery
    ? sql`select distinct service from logs.alert_thresholds as known
        where service <> ${EVERY_SERVICE} and service not in (select service from logs.alert_configs)
        union select ${EVERY_SERVICE}`
    : sql`select ${service}::text as service`;
  await transaction.execute(sql`
    insert into logs.alert_thresholds (service, valid_from, error_threshold, warning_threshold, pattern_threshold, except_services)
    select affected.service, ${from}::timestamptz, error_threshold_per_min, warning_threshold_per_min, pattern_threshold_per_min,
      coalesce(config.except_services, '{}')
    from (${affected}) as affected left join lateral ${configFor(sql`affected.service`)} as config on config.enabled
    order by affected.service
    on conflict (service, valid_from) do update
    set error_threshold = excluded.error_threshold, warning_threshold = excluded.warning_threshold,
      pattern_threshold = excluded.pattern_threshold, except_services = excluded.except_services`);
  // What others changed in this minute, they have judged themselves.
  const isChanged = (column: SQL) => (isEvery ? sql`true` : sql`${column} = ${service}`);
  await transaction.execute(sql`
    delete from logs.alert_violations as known using logs.alert_thresholds as held
    where held.valid_from = ${from}::timestamptz and held.service = known.service and ${isChanged(sql`held.service`)}
      and known.timestamp >= ${from}::timestamptz and not coalesce(
        current_count > case when pattern is not null then pattern_threshold when level = 'error' then error_threshold
          else warning_threshold end, false)`);
  const minutes = await transaction.execute(sql`
    select distinct bucket, service from logs.stats_minute
    where bucket >= ${from}::timestamptz and level >= 'warning' and ${isChanged(sql`service`)}`);
  const rows = z.array(z.object({ bucket: z.coerce.date(), service: z.string() })).parse(minutes.rows);
  return evaluateMinutes(transaction, rows, now);
}
