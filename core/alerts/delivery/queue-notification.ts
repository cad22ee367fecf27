import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import type { DELIVERY_KINDS } from "@/db/schema/alert-names";

/**
 * Writes what has to be sent about an incident into the outbox, one row a channel, in the caller's transaction. Writes
 * nothing while the incident is silenced or its configuration is switched off or names nobody.
 * @returns the ids of the deliveries
 */
export async function queueNotification(
  transaction: Executor,
  incidentId: number,
  kind: (typeof DELIVERY_KINDS)[number],
  now: Date,
): Promise<string[]> {
  const made = await transaction.execute(sql`
    insert into logs.alert_deliveries (incident_id, kind, channel, target, status, created_at, next_attempt_at)
    select incident.id, ${kind}, channel.name, channel.target, 'pending', ${now}::timestamptz, ${now}::timestamptz
    from logs.alert_incidents as incident
    join logs.alert_configs as config on config.service = incident.service and config.enabled
    cross join lateral (values ('email', config.alert_email), ('webhook', config.alert_webhook_url)) as channel (name, target)
    where incident.id = ${incidentId} and channel.target is not null and not exists (
      select from logs.alert_silences as silence
      where (silence.service is null or silence.service = incident.service)
        and (silence.kind is null or silence.kind = incident.kind)
        and silence.starts_at <= ${now}::timestamptz and silence.ends_at > ${now}::timestamptz)
    returning id`);
  const ids = z
    .array(z.object({ id: z.string() }))
    .parse(made.rows)
    .map(({ id }) => id);
  if (ids.length > 0 && kind !== "resolved") {
    const column = kind === "opened" ? sql`notified_at` : sql`reminded_at`;
    await transaction.execute(
      sql`update logs.alert_incidents set ${column} = ${now}::timestamptz where id = ${incidentId}`,
    );
  }
  return ids;
}
