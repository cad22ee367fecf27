import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { membersOf } from "@/core/patterns/canonical-counts";
import { queueOpening } from "../delivery/queue-notification";
import { configFor } from "./alert-of";
import { lastCrossing } from "./group-minutes";
import { resolveAfterMinutes } from "./resolve-overdue";

const openedRow = z.object({ id: z.coerce.number(), over: z.boolean() });

/**
 * Decides which patterns that a service has for the first time are news: errors that are no case of a pattern which the
 * service had before, and that nobody has muted. Each is an incident of its own, at most LIMITS.newPatternIncidents an hour
 * and service, since a release can bring hundreds; the rest is on the Errors page. What is late and over already is
 * resolved as it opens. Each pattern is decided on once, whoever asks and however often.
 * @returns ids of deliveries to be sent after commit
 */
export async function trackNewPatterns(transaction: Executor, now: Date): Promise<string[]> {
  const opened = await transaction.execute(sql`
    with waiting as materialized (
      -- In the order in which ingest locks them.
      select pattern, service from logs.pattern_services where unjudged order by pattern, service for no key update
    ), judged as (
      update logs.pattern_services as known set unjudged = false
      from waiting where known.pattern = waiting.pattern and known.service = waiting.service
      returning known.pattern, known.service, first_seen, last_seen
    ), named as (
      select coalesce(canonical, judged.pattern) as pattern, service, min(first_seen) as first_seen, max(last_seen) as last_seen
      from judged left join logs.pattern_aliases as alias on alias.pattern = judged.pattern
      group by 1, 2
    ), news as (
      select named.*, row_number() over (partition by named.service order by first_seen, named.pattern) as rank
      from named join lateral ${configFor(sql`named.service`)} as config on enabled and notify_new_patterns
      where not exists (select from logs.patterns where id = named.pattern and muted_at is not null)
        and not exists (
          select from logs.pattern_services as known
          where known.service = named.service and not known.unjudged and known.pattern = any(${membersOf(sql`named.pattern`)}))
    ), recent as (
      select service, count(*) as incidents from logs.alert_incidents
      where kind = 'new_pattern' and opened_at > ${now}::timestamptz - interval '1 hour' group by service
    )
    insert into logs.alert_incidents (service, kind, pattern, first_at, last_at, crossed_at, opened_at, resolved_at)
    select service, 'new_pattern', pattern, date_trunc('minute', first_seen), date_trunc('minute', last_seen),
      ${notAhead(sql`date_trunc('minute', last_seen)`, now)}, ${now}::timestamptz,
      case when ${notAhead(sql`date_trunc('minute', last_seen)`, now)} + interval '1 minute' * (1 + ${resolveAfterMinutes(sql`news.service`)}) <= ${now}::timestamptz
        then ${now}::timestamptz end
    from news left join recent using (service)
    where rank + coalesce(incidents, 0) <= ${LIMITS.newPatternIncidents}
    order by service, pattern
    on conflict do nothing
    returning id, resolved_at is not null as over`);
  const deliveries: string[] = [];
  for (const { id, over } of z.array(openedRow).parse(opened.rows)) {
    deliveries.push(...(await queueOpening(transaction, id, over, now)));
  }
  return deliveries;
}

const notAhead = (minute: SQL, now: Date): SQL => sql`least(${minute}, ${lastCrossing(now)}::timestamptz)`;

/** Lets an incident of a new pattern last for as long as the pattern comes, so that it is over when it has gone. */
export async function extendNewPatterns(transaction: Executor, now: Date): Promise<void> {
  await transaction.execute(sql`
    with latest as (
      select incident.id, (
        select max(bucket) from logs.pattern_minute as known left join logs.pattern_aliases as alias on alias.pattern = known.pattern
        where bucket > coalesce(incident.crossed_at, incident.last_at)
          and (bucket > incident.last_at or bucket <= ${lastCrossing(now)}::timestamptz) and known.service = incident.service and level >= 'error'
          and coalesce(canonical, known.pattern) = incident.pattern) as bucket
      from logs.alert_incidents as incident where kind = 'new_pattern' and resolved_at is null
    )
    update logs.alert_incidents as incident set last_at = greatest(last_at, bucket), crossed_at = ${notAhead(sql`bucket`, now)}
    from latest where latest.id = incident.id and bucket is not null`);
}
