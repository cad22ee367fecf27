import { sql } from "drizzle-orm";
import { z } from "zod";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import type { Executor } from "@/core/context";
import { queueNotification } from "../delivery/queue-notification";
import { configFor } from "./alert-of";
import { endIncidents } from "./end-incidents";

const rowSchema = z.object({ service: z.string(), opened: z.coerce.number().nullable() });

/**
 * Opens an incident for each service that sent nothing for its `no_logs_minutes`, and ends it when entries come again. The
 * silence begins after the last minute with entries, or with the configuration when there never were any. While it goes on nothing is
 * written: `lastAt` tells how long it is. Time in which this server was away is no silence: those who send come back after it does.
 * @returns ids of deliveries to be sent after commit
 */
export async function trackAbsence(transaction: Executor, now: Date): Promise<string[]> {
  const result = await transaction.execute(sql`
    with watched as (
      select named.service, config.no_logs_minutes, coalesce((
        select max(bucket) + interval '1 minute' from logs.stats_minute as known
        where known.service = named.service and known.bucket <= ${now}::timestamptz), config.created_at) as silent_from
      from (
        select service from logs.alert_configs where service <> ${EVERY_SERVICE}
        union select name from logs.services
        where exists (select from logs.alert_configs where service = ${EVERY_SERVICE} and enabled and no_logs_minutes is not null)
      ) as named cross join lateral ${configFor(sql`named.service`)} as config
      where config.enabled and config.no_logs_minutes is not null
    ), silent as materialized (
      select service, silent_from, greatest(silent_from, (select resumed_at from logs.alert_progress where id = 1))
          + interval '1 minute' * no_logs_minutes <= ${now}::timestamptz as is_due
      from watched
      where silent_from + interval '1 minute' * no_logs_minutes <= ${now}::timestamptz
    ), opened as (
      insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at)
      select service, 'absence', silent_from, ${now}::timestamptz, ${now}::timestamptz from silent
      where is_due order by service
      on conflict (service, kind, coalesce(pattern, 0)) where resolved_at is null and kind <> 'query' do nothing
      returning id, service
    )
    select service, id as opened from silent left join opened using (service) order by service`);
  const silent = z.array(rowSchema).parse(result.rows);
  const deliveries: string[] = [];
  for (const { opened } of silent) {
    if (opened !== null) deliveries.push(...(await queueNotification(transaction, opened, "opened", now)));
  }
  const services = sql.param(silent.map(({ service }) => service));
  const isOver = sql`kind = 'absence' and service <> all(${services}::text[])`;
  return [...deliveries, ...(await endIncidents(transaction, isOver, now))];
}
