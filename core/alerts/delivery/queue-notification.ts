import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type DELIVERY_KINDS, SEVERITIES, WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { ALERT_OF_INCIDENT } from "../incidents/alert-of";
import { quietHoursSchema } from "../shared-schemas";
import { isSilenced } from "../silences/is-silenced";
import { deliveryIdsOf } from "./outbox";
import { isQuiet } from "./quiet-hours";

type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** They page people, and go on doing so until somebody closes what was opened. */
export const KEEPING: readonly WebhookFormat[] = ["pagerduty", "opsgenie"];

const toldSchema = z.object({
  config_id: z.coerce.number().nullable(),
  alert_id: z.coerce.number().nullable(),
  alert_email: z.string().nullable(),
  alert_webhook_url: z.string().nullable(),
  webhook_format: z.enum(WEBHOOK_FORMATS).nullable(),
  severity: z.enum(SEVERITIES),
  quiet_hours: quietHoursSchema.nullable(),
  enabled: z.boolean(),
  silenced: z.boolean(),
  openings: z.coerce.number(),
  is_of_group: z.boolean(),
});

/** Who is told of an incident. @property isHeldBack nobody is, just now */
type Told = z.infer<typeof toldSchema> & { isHeldBack: boolean };

/**
 * Writes what has to be sent about an incident that opens, or is open still, into the outbox, one row a receiver, in the caller's
 * transaction. Writes nothing while the incident is silenced, in quiet hours, and when its alert is switched off or names nobody; nor when
 * so many incidents of the alert were told of in the last hour that nobody would read another one. What is still open later is told of then.
 * @returns the ids of the deliveries
 */
export async function queueNotification(
  transaction: Executor,
  incidentId: number,
  kind: "opened" | "reminder",
  now: Date,
): Promise<string[]> {
  const told = await readTold(transaction, incidentId, now);
  if (!told || told.isHeldBack) return [];
  if (kind === "opened" && told.is_of_group && told.openings >= LIMITS.alertOpenings) return [];
  if (kind === "reminder") await dropReminders(transaction, [incidentId]);
  const ids = await write(transaction, incidentId, kind, told, now, sql`wanted`);
  if (ids.length > 0) {
    const column = kind === "opened" ? sql`notified_at` : sql`reminded_at`;
    await transaction.execute(
      sql`update logs.alert_incidents set ${column} = ${now}::timestamptz where id = ${incidentId}`,
    );
  }
  return ids;
}

/**
 * Tells of an incident that opens. Of one that is over already people are told once, but what keeps incidents itself is told of its
 * end too.
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
  return [...opened, ...(await queueEnd(transaction, incidentId, false, now))];
}

/**
 * Tells of an incident that is over, as queueNotification does; and in any case what keeps incidents itself and was told of this one while
 * it was open, as nothing else would close it there.
 * @param tell whether people are to be told
 * @returns the ids of the deliveries
 */
export async function queueEnd(transaction: Executor, incidentId: number, tell: boolean, now: Date): Promise<string[]> {
  const told = await readTold(transaction, incidentId, now);
  if (!told) return [];
  const isOpenThere = sql`(
    channel = 'webhook' and format = any(${sql.param([...KEEPING])}::text[]) and exists (
      select from logs.alert_deliveries as earlier
      where earlier.incident_id = ${incidentId} and earlier.kind <> 'resolved' and earlier.channel = 'webhook'
        and earlier.receiver_id is not distinct from receivers.receiver))`;
  const chosen = tell && !told.isHeldBack ? sql`(wanted or ${isOpenThere})` : isOpenThere;
  return write(transaction, incidentId, "resolved", told, now, chosen);
}

/** Reminders that could not be sent before there is a newer one, or before the end, are no news any more: they would only hold back what is. */
export async function dropReminders(transaction: Executor, incidentIds: readonly number[]): Promise<void> {
  if (incidentIds.length === 0) return;
  await transaction.execute(sql`
    delete from logs.alert_deliveries
    where incident_id = any(${sql.param([...incidentIds])}::bigint[]) and kind = 'reminder' and status = 'pending'`);
}

/** SQL of whether a receiver that is told from `least` on is told of incidents of a severity. */
export const isWanted = (least: SQL, severity: SQL): SQL => {
  const ranked = sql`${sql.param([...SEVERITIES])}::text[]`;
  return sql`array_position(${ranked}, ${least}) <= array_position(${ranked}, ${severity})`;
};

async function readTold(transaction: Executor, incidentId: number, now: Date): Promise<Told | null> {
  const found = await transaction.execute(sql`
    select config_id, alert.alert_id, alert_email, alert_webhook_url, webhook_format, incident.severity, quiet_hours, enabled, ${isSilenced(now)} as silenced, (
      select count(*) from logs.alert_incidents as told
      where told.alert_id = alert.alert_id and told.notified_at > ${now}::timestamptz - interval '1 hour') as openings,
      incident.group_key is not null as is_of_group
    from logs.alert_incidents as incident cross join lateral ${ALERT_OF_INCIDENT} as alert
    where incident.id = ${incidentId}`);
  const [told] = z.array(toldSchema).parse(found.rows);
  if (!told) return null;
  const { enabled, silenced, quiet_hours } = told;
  return { ...told, isHeldBack: !enabled || silenced || (quiet_hours !== null && isQuiet(quiet_hours, now)) };
}

/** @param chosen SQL of the receivers that are told: `wanted` are those that are told of incidents so severe */
async function write(
  transaction: Executor,
  incidentId: number,
  kind: (typeof DELIVERY_KINDS)[number],
  told: Told,
  now: Date,
  chosen: SQL,
): Promise<string[]> {
  const made = await transaction.execute(sql`
    insert into logs.alert_deliveries (incident_id, kind, channel, target, receiver_id, status, created_at, next_attempt_at)
    select ${incidentId}, ${kind}, channel, target, receiver, 'pending', ${now}::timestamptz, ${now}::timestamptz
    from (
      select 'email' as channel, ${told.alert_email}::text as target, null::bigint as receiver, null::text as format, true as wanted
      union all select 'webhook', ${told.alert_webhook_url}::text, null, ${told.webhook_format}::text, true
      union all select channel, target, id, format, ${isWanted(sql`least_severity`, sql`${told.severity}::text`)} from logs.alert_receivers
      where config_id = ${told.config_id}::bigint or alert_id = ${told.alert_id}::bigint
    ) as receivers where target is not null and ${chosen}
    returning id`);
  return deliveryIdsOf(made.rows);
}
