import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type DELIVERY_KINDS, SEVERITIES, WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { ALERT_OF_INCIDENT } from "../incidents/alert-of";
import { quietHoursSchema } from "../shared-schemas";
import { isQuiet } from "./quiet-hours";

type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** They page people, and go on doing so until somebody closes what was opened. */
const KEEPING: readonly WebhookFormat[] = ["pagerduty", "opsgenie"];

const toldSchema = z.object({
  config_id: z.coerce.number().nullable(),
  alert_id: z.coerce.number().nullable(),
  alert_email: z.string().nullable(),
  alert_webhook_url: z.string().nullable(),
  webhook_format: z.enum(WEBHOOK_FORMATS).nullable(),
  severity: z.enum(SEVERITIES),
  quiet_hours: quietHoursSchema.nullable(),
  openings: z.coerce.number(),
});

/**
 * Writes what has to be sent about an incident into the outbox, one row a receiver, in the caller's transaction. Writes
 * nothing while the incident is silenced, in quiet hours, and when its alert is switched off or names nobody; nor when so many
 * incidents of the alert were told of in the last hour that nobody would read another one. What is still open later is told of then.
 * @param only receivers of these formats; absent: all
 * @returns the ids of the deliveries
 */
export async function queueNotification(
  transaction: Executor,
  incidentId: number,
  kind: (typeof DELIVERY_KINDS)[number],
  now: Date,
  only?: readonly WebhookFormat[],
): Promise<string[]> {
  const found = await transaction.execute(sql`
    select config_id, alert.alert_id, alert_email, alert_webhook_url, webhook_format, incident.severity, quiet_hours, (
      select count(*) from logs.alert_incidents as told
      where told.alert_id = alert.alert_id and told.notified_at > ${now}::timestamptz - interval '1 hour') as openings
    from logs.alert_incidents as incident cross join lateral ${ALERT_OF_INCIDENT} as alert
    where incident.id = ${incidentId} and enabled and not exists (
      select from logs.alert_silences as silence
      where (silence.service is null or silence.service = incident.service)
        and (silence.kind is null or silence.kind = incident.kind)
        and (silence.alert_id is null or silence.alert_id = incident.alert_id)
        and silence.starts_at <= ${now}::timestamptz and silence.ends_at > ${now}::timestamptz)`);
  const [told] = z.array(toldSchema).parse(found.rows);
  if (!told || (told.quiet_hours && isQuiet(told.quiet_hours, now))) return [];
  if (kind === "opened" && told.openings >= LIMITS.alertOpenings) return [];
  const reached = SEVERITIES.slice(0, SEVERITIES.indexOf(told.severity) + 1);
  const made = await transaction.execute(sql`
    insert into logs.alert_deliveries (incident_id, kind, channel, target, receiver_id, status, created_at, next_attempt_at)
    select ${incidentId}, ${kind}, channel, target, receiver, 'pending', ${now}::timestamptz, ${now}::timestamptz
    from (
      select 'email' as channel, ${told.alert_email}::text as target, null::bigint as receiver, null::text as format
      union all select 'webhook', ${told.alert_webhook_url}::text, null, ${told.webhook_format}::text
      union all select channel, target, id, format from logs.alert_receivers
      where (config_id = ${told.config_id}::bigint or alert_id = ${told.alert_id}::bigint)
        and least_severity = any(${sql.param(reached)}::text[])
    ) as receivers where target is not null
      ${only ? sql`and channel = 'webhook' and format = any(${sql.param([...only])}::text[])` : sql``}
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

/**
 * Tells of an incident that opens. Of one that is over already people are told once, but what keeps incidents itself is told of its
 * end too: nothing else would close it there.
 * @returns the ids of the deliveries
 */
export async function queueOpening(
  transaction: Executor,
  incidentId: number,
  isOver: boolean,
  now: Date,
): Promise<string[]> {
  const opened = await queueNotification(transaction, incidentId, "opened", now);
  if (!isOver || opened.length === 0) return opened;
  return [...opened, ...(await queueNotification(transaction, incidentId, "resolved", now, KEEPING))];
}
