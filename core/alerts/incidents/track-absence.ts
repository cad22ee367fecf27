import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { queueNotification } from "../delivery/queue-notification";
import { configFor, EVERY_SERVICE } from "./alert-of";
import { endIncidents } from "./end-incidents";

/**
 * Opens an incident for each service that sent nothing for its `no_logs_minutes`, and ends it when entries come again. The
 * silence begins after the last minute with entries, or with the configuration when there never were any.
 * @returns ids of deliveries to be sent after commit
 */
export async function trackAbsence(transaction: Executor, now: Date): Promise<string[]> {
  const silent = await transaction.execute(sql`
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
    )
    insert into logs.alert_incidents as known (service, kind, first_at, last_at, opened_at)
    select service, 'absence', silent_from, ${now}::timestamptz, ${now}::timestamptz from watched
    where silent_from + interval '1 minute' * no_logs_minutes <= ${now}::timestamptz
    order by service
    on conflict (service, kind, coalesce(pattern, 0)) where resolved_at is null and kind <> 'query' do update set last_at = excluded.last_at
    returning id, service, opened_at = ${now}::timestamptz as fresh`);
  const rows = z.array(z.object({ id: z.coerce.number(), service: z.string(), fresh: z.boolean() })).parse(silent.rows);
  const deliveries: string[] = [];
  for (const { id, fresh } of rows) {
    if (fresh) deliveries.push(...(await queueNotification(transaction, id, "opened", now)));
  }
  const silentServices = sql.param(rows.map(({ service }) => service));
  const isOver = sql`kind = 'absence' and service <> all(${silentServices}::text[])`;
  return [...deliveries, ...(await endIncidents(transaction, isOver, now))];
}
