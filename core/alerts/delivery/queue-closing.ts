import { eq, sql } from "drizzle-orm";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import type { Context } from "@/core/context";
import { alertConfigs, alertReceivers } from "@/db/schema";
import type { WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { ALERT_OF_INCIDENT } from "../incidents/alert-of";
import { ofOwner, type ReceiversOf } from "../receivers/of-owner";
import { deliveryIdsOf } from "./outbox";
import { KEEPING } from "./queue-notification";

/** A receiver as it was told until now. */
export type FormerReceiver = {
  /** Null: the webhook of the configuration `configId` itself. */
  id: number | null;
  configId: number | null;
  channel: "email" | "webhook";
  target: string;
  format: (typeof WEBHOOK_FORMATS)[number];
  /** Sealed. */
  secret: string | null;
};

/** How it is told from now on; `secret` is absent where it stays what it is. */
export type NextReceiver = Pick<FormerReceiver, "channel" | "format"> & {
  target: string | null;
  secret?: string | null;
};

/** Whether a receiver knows what it was told before by what it is told now: a secret may be the key of another service of the same server. */
export const isToldAlike = (known: FormerReceiver, { channel, target, format, secret }: NextReceiver): boolean =>
  known.channel === channel && known.target === target && known.format === format && secret === undefined;

/**
 * Closes what is open at receivers that keep incidents themselves, in the transaction that removes them or has them told elsewhere:
 * nothing else would close it there. The deliveries have all that is needed to send them, as their receivers will be gone.
 * @param services only incidents of these, as far as they have no configuration of their own
 * @returns ids of deliveries to be sent after commit
 */
export async function queueClosing(
  transaction: Context["db"],
  receivers: readonly FormerReceiver[],
  now: Date,
  services?: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  const ofServices = services
    ? sql`and incident.service = any(${sql.param([...services])}::text[])
        and incident.service not in (select service from logs.alert_configs)`
    : sql``;
  for (const { id, configId, channel, target, format, secret } of receivers) {
    if (channel !== "webhook" || !KEEPING.includes(format)) continue;
    const isOfConfig =
      id === null ? sql`and ${configId}::bigint = (select config_id from ${ALERT_OF_INCIDENT} as alert)` : sql``;
    const queued = await transaction.execute(sql`
      insert into logs.alert_deliveries (incident_id, kind, channel, target, format, secret, status, created_at, next_attempt_at)
      select distinct incident.id, 'resolved', 'webhook', ${target}, ${format}, ${secret}::text, 'pending', ${now}::timestamptz, ${now}::timestamptz
      from logs.alert_incidents as incident join logs.alert_deliveries as earlier on earlier.incident_id = incident.id
      where incident.resolved_at is null and earlier.kind <> 'resolved' and earlier.channel = 'webhook'
        and earlier.target = ${target} and earlier.receiver_id is not distinct from ${id}::bigint ${isOfConfig} ${ofServices}
      returning id`);
    ids.push(...deliveryIdsOf(queued.rows));
  }
  return ids;
}

/**
 * Closes what is open of services that the configuration for every service holds for no longer, at its receivers: those of another
 * configuration, or nobody, are told from now on. To be called before that.
 * @returns ids of deliveries to be sent after commit
 */
export async function queueClosingOfEvery(
  transaction: Context["db"],
  services: readonly string[],
  now: Date,
): Promise<string[]> {
  if (services.length === 0) return [];
  const [every] = await transaction.select().from(alertConfigs).where(eq(alertConfigs.service, EVERY_SERVICE));
  return every ? queueClosing(transaction, await receiversOfConfig(transaction, every), now, services) : [];
}

/** All of a configuration, with its own webhook. */
export const receiversOfConfig = async (
  transaction: Context["db"],
  config: typeof alertConfigs.$inferSelect,
): Promise<FormerReceiver[]> => [...ownWebhookOf(config), ...(await receiversOf(transaction, { configId: config.id }))];

/** All of an alert, or of a configuration but for its own webhook. */
export const receiversOf = (transaction: Context["db"], owner: ReceiversOf): Promise<FormerReceiver[]> =>
  transaction.select().from(alertReceivers).where(ofOwner(owner));

/** The webhook of a configuration itself, if it has one. */
export const ownWebhookOf = (config: typeof alertConfigs.$inferSelect): FormerReceiver[] =>
  config.alertWebhookUrl === null
    ? []
    : [
        {
          id: null,
          configId: config.id,
          channel: "webhook",
          target: config.alertWebhookUrl,
          format: config.webhookFormat,
          secret: config.webhookSecret,
        },
      ];
