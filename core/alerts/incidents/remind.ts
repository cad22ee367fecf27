import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { queueNotification } from "../delivery/queue-notification";
import { ALERT_OF_INCIDENT } from "./alert-of";

/**
 * Tells of open incidents again where the configuration asks for it, and for the first time of those whose silence has
 * ended. Acknowledged ones are left alone.
 * @returns ids of deliveries to be sent after commit
 */
export async function remind(transaction: Executor, now: Date): Promise<string[]> {
  const due = await transaction.execute(sql`
    select incident.id, case when notified_at is null then 'opened' else 'reminder' end as kind
    from logs.alert_incidents as incident cross join lateral ${ALERT_OF_INCIDENT} as alert
    where resolved_at is null and acknowledged_at is null and (alert_email is not null or alert_webhook_url is not null
        or exists (select from logs.alert_receivers as receiver
          where receiver.config_id = alert.config_id or receiver.alert_id = alert.alert_id))
      and (notified_at is null
      or greatest(notified_at, reminded_at) + interval '1 minute' * alert.remind_every_minutes <= ${now}::timestamptz)
    order by incident.id for update of incident`);
  const rows = z.array(z.object({ id: z.coerce.number(), kind: z.enum(["opened", "reminder"]) })).parse(due.rows);
  const deliveries: string[] = [];
  for (const { id, kind } of rows) deliveries.push(...(await queueNotification(transaction, id, kind, now)));
  return deliveries;
}
