import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { isWanted, queueNotification } from "../delivery/queue-notification";
import { isQuiet } from "../delivery/quiet-hours";
import { quietHoursSchema } from "../shared-schemas";
import { isSilenced } from "../silences/is-silenced";
import { ALERT_OF_INCIDENT } from "./alert-of";

/**
 * Tells of open incidents again where the configuration asks for it, and for the first time of those whose silence has
 * ended. Acknowledged ones are left alone, and those that are held back just now are not looked at one by one: there may be as many
 * as services.
 * @returns ids of deliveries to be sent after commit
 */
export async function remind(transaction: Executor, now: Date): Promise<string[]> {
  const quiet = sql.param(await readQuietHours(transaction, now));
  const due = await transaction.execute(sql`
    select incident.id, case when notified_at is null then 'opened' else 'reminder' end as kind
    from logs.alert_incidents as incident cross join lateral ${ALERT_OF_INCIDENT} as alert
    where resolved_at is null and acknowledged_at is null and alert.enabled and (alert_email is not null or alert_webhook_url is not null
        or exists (select from logs.alert_receivers as receiver
          where (receiver.config_id = alert.config_id or receiver.alert_id = alert.alert_id)
            and ${isWanted(sql`receiver.least_severity`, sql`incident.severity`)}))
      and (notified_at is null
      or greatest(notified_at, reminded_at) + interval '1 minute' * alert.remind_every_minutes <= ${now}::timestamptz)
      and (quiet_hours is null or quiet_hours::text <> all(${quiet}::text[])) and not ${isSilenced(now)}
    order by incident.id for update of incident`);
  const rows = z.array(z.object({ id: z.coerce.number(), kind: z.enum(["opened", "reminder"]) })).parse(due.rows);
  const deliveries: string[] = [];
  for (const { id, kind } of rows) deliveries.push(...(await queueNotification(transaction, id, kind, now)));
  return deliveries;
}

/** @returns the quiet hours of alerts in which it is now, as they are stored */
async function readQuietHours(transaction: Executor, now: Date): Promise<string[]> {
  const found = await transaction.execute(sql`
    select stored::json as quiet_hours, stored from (
      select quiet_hours::text as stored from logs.alert_configs where quiet_hours is not null
      union select quiet_hours::text from logs.alert_queries where quiet_hours is not null) as known`);
  return z
    .array(z.object({ quiet_hours: quietHoursSchema, stored: z.string() }))
    .parse(found.rows)
    .filter(({ quiet_hours }) => isQuiet(quiet_hours, now))
    .map(({ stored }) => stored);
}
