import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Mailer } from "@/core/mail/mailer";
import type { SecretBox } from "@/core/secrets/secret-box";
import { DELIVERY_CHANNELS, WEBHOOK_FORMATS } from "@/db/schema/alert-names";
import { openWebhookSecret } from "../configs/webhook-secret";
import { ALERT_OF_INCIDENT } from "../incidents/alert-of";
import { type AlertMessage, loadMessage } from "./alert-message";
import { callWebhook } from "./notifiers/call-webhook";
import { FORMATS } from "./notifiers/formats";
import { type RefusedAddresses, sendEmail } from "./notifiers/send-email";
import { deliveryIdsOf, IS_FIRST, isOfSameReceiver } from "./outbox";
import { KEEPING } from "./queue-notification";
import type { WebhookPolicy } from "./webhook-policy";

/** What sending needs. `mailer` is null without SMTP_URL. */
export type DeliveryContext = Context & {
  mailer: Mailer | null;
  webhookPolicy: WebhookPolicy;
  publicUrl: string;
  secrets: SecretBox;
};

export type DeliveryOutcome =
  /** `next` is what waited for it: of the same incident, to the same receiver. */
  | { status: "delivered"; next: string[] }
  /** Somebody else has it, or it is not due. */
  | { status: "skipped" }
  | { status: "retry"; error: string; inMs: number }
  | { status: "failed"; error: string };

/** An attempt that has not ended by then belongs to a process that died. Longer than any attempt takes (LIMITS.mailMs, and one call more). */
const LEASE_MS = MINUTE_MS;
/** Waits between attempts; the last one repeats. */
const BACKOFF_MS = [5 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];

/** As much of what a receiver said as is kept. */
const keptError = (error: string): string => error.slice(0, 1_000);

/** @param attempts that were made */
const backoffMs = (attempts: number): number => BACKOFF_MS[attempts - 1] ?? HOUR_MS;

const claimSchema = z.object({
  channel: z.enum(DELIVERY_CHANNELS),
  target: z.string(),
  attempts: z.number(),
  service: z.string(),
  kind: z.string(),
  created_at: z.coerce.date(),
  webhook_format: z.enum(WEBHOOK_FORMATS).nullable(),
  webhook_secret: z.string().nullable(),
  /** Whether a webhook is still called at this address: what is known of its format and secret is meant for no other. */
  is_there: z.boolean(),
});

type Claim = z.infer<typeof claimSchema>;

/**
 * Tries to send one delivery, once. Claiming it is one statement, so of several instances one tries at a time; what a
 * process that died had claimed is free again after a minute; one that comes back later has no say any more.
 * @throws what fails as the database is away; the attempt is made again after a minute then
 */
export async function deliver(context: DeliveryContext, deliveryId: string): Promise<DeliveryOutcome> {
  const { db, clock } = context;
  const claim = await claimDelivery(context, deliveryId);
  if (!claim) return { status: "skipped" };
  if (!claim.is_there) return giveUp(context, deliveryId, "its receiver was changed or removed meanwhile");
  const message = await loadMessage(db, deliveryId, context.publicUrl);
  let refused: RefusedAddresses | null;
  try {
    refused = await send(context, { ...claim, id: deliveryId }, message);
  } catch (error) {
    return recordFailure(context, deliveryId, claim, reasonOf(error));
  }
  return db.transaction(async (transaction): Promise<DeliveryOutcome> => {
    // As whoever judges its minutes: the incident may have become one with another meanwhile, but does not while this is written.
    await transaction.execute(sql`
      select 1 from logs.alert_thresholds where service = ${claim.service} order by valid_from for no key update`);
    const { rowCount } = await transaction.execute(sql`
      update logs.alert_deliveries set status = 'delivered', delivered_at = ${clock.now()}::timestamptz, last_error = null, secret = null
      where ${isClaimed(deliveryId, claim)}`);
    if (rowCount === 0) return { status: "skipped" };
    if (refused) await splitOff(context, transaction, deliveryId, claim, refused);
    if (claim.kind === "opened") {
      await transaction.execute(sql`
        update logs.alert_violations set alert_sent_at = ${clock.now()}::timestamptz
        where alert_sent_at is null
          and incident_id = (select incident_id from logs.alert_deliveries where id = ${deliveryId}::uuid)`);
    }
    const waiting = await transaction.execute(sql`
      select known.id from logs.alert_deliveries as known join logs.alert_deliveries as told on told.id = ${deliveryId}::uuid
      where ${isOfSameReceiver(sql`known`, sql`told`)} and known.status = 'pending' and ${IS_FIRST}`);
    return { status: "delivered", next: deliveryIdsOf(waiting.rows) };
  });
}

/** Those who were refused get a delivery of their own, which goes on where this one was: who has it must not get it again. */
async function splitOff(
  { clock }: Pick<Context, "clock">,
  transaction: Executor,
  deliveryId: string,
  { target, attempts }: Claim,
  { addresses, error }: RefusedAddresses,
): Promise<void> {
  const taken = target.split(", ").filter((address) => !addresses.includes(address));
  await transaction.execute(sql`
    insert into logs.alert_deliveries (incident_id, kind, channel, target, receiver_id, status, attempts, last_error, created_at, next_attempt_at)
    select incident_id, kind, channel, ${addresses.join(", ")}, receiver_id, 'pending', attempts, ${keptError(error)}, created_at,
      ${addMs(clock.now(), backoffMs(attempts))}::timestamptz
    from logs.alert_deliveries where id = ${deliveryId}::uuid`);
  await transaction.execute(sql`
    update logs.alert_deliveries set target = ${taken.join(", ")} where id = ${deliveryId}::uuid`);
}

/** SQL of whether nobody else has claimed it since: then the outcome is theirs to tell. */
const isClaimed = (deliveryId: string, { attempts }: Pick<Claim, "attempts">) =>
  sql`id = ${deliveryId}::uuid and status = 'sending' and attempts = ${attempts}`;

async function claimDelivery({ db, clock }: Context, deliveryId: string): Promise<Claim | undefined> {
  const now = clock.now();
  const claimed = await db.execute(sql`
    with delivery as (
      update logs.alert_deliveries as known
      set status = 'sending', attempts = attempts + 1, next_attempt_at = ${addMs(now, LEASE_MS)}::timestamptz
      where id = ${deliveryId}::uuid and status in ('pending', 'sending') and next_attempt_at <= ${now}::timestamptz and ${IS_FIRST}
      returning *
    )
    select delivery.channel, delivery.target, attempts, incident.service, delivery.kind, delivery.created_at,
      case when delivery.format is not null then delivery.format when receiver_id is null then webhook_format else receiver.format end as webhook_format,
      case when delivery.format is not null then delivery.secret when receiver_id is null then webhook_secret else receiver.secret end as webhook_secret,
      delivery.channel = 'email' or delivery.format is not null or coalesce(
        delivery.target = case when receiver_id is null then alert_webhook_url else receiver.target end, false) as is_there
    from delivery join logs.alert_incidents as incident on incident.id = delivery.incident_id
    left join logs.alert_receivers as receiver on receiver.id = receiver_id
    left join lateral ${ALERT_OF_INCIDENT} as alert on true`);
  return z.array(claimSchema).parse(claimed.rows)[0];
}

export type Target = Pick<Claim, "channel" | "target" | "webhook_format" | "webhook_secret"> & { id: string };

/**
 * Sends to one channel; its secret comes sealed.
 * @returns to whom of several it could not be sent
 * @throws Error with the reason, for the user
 */
export async function send(
  context: DeliveryContext,
  target: Target,
  message: AlertMessage,
): Promise<RefusedAddresses | null> {
  if (target.channel === "webhook") {
    const { webhookPolicy: policy, clock } = context;
    const secret = openWebhookSecret(context, target.webhook_secret);
    const name = target.webhook_format ?? "generic";
    const endsAt = addMs(clock.now(), LIMITS.mailMs);
    for (const part of partsOf(name, message)) {
      // Somebody else would begin with the same after its lease.
      if (clock.now() >= endsAt) throw new Error(`not all was told within ${LIMITS.mailMs / SECOND_MS} s`);
      const { url, headers, body, isSigned } = FORMATS[name](part, { url: target.target, secret }, target.id);
      await callWebhook({
        url,
        headers,
        body: JSON.stringify(body),
        deliveryId: target.id,
        secret: isSigned ? secret : null,
        policy,
        now: clock.now(),
      });
    }
    return null;
  }
  if (!context.mailer) throw new Error("no mail server is set: set SMTP_URL");
  return sendEmail(context.mailer, target.target, message, target.id);
}

async function giveUp({ db }: Context, deliveryId: string, error: string): Promise<DeliveryOutcome> {
  await db.execute(sql`
    update logs.alert_deliveries set status = 'failed', last_error = ${error} where id = ${deliveryId}::uuid`);
  return { status: "failed", error };
}

/** What keeps incidents itself may know parts of one by the ids that these had: it is told of the end of each. */
function partsOf(format: (typeof WEBHOOK_FORMATS)[number], message: AlertMessage): AlertMessage[] {
  if (message.kind !== "resolved" || !KEEPING.includes(format)) return [message];
  return [message, ...message.former_incident_ids.map((incident_id) => ({ ...message, incident_id }))];
}

async function recordFailure(
  { db, clock }: Context,
  deliveryId: string,
  claim: Claim,
  error: string,
): Promise<DeliveryOutcome> {
  const inMs = backoffMs(claim.attempts);
  const next = addMs(clock.now(), inMs);
  const isGivenUp = next > addMs(claim.created_at, LIMITS.deliveryMs);
  const { rowCount } = await db.execute(sql`
    update logs.alert_deliveries
    set status = ${isGivenUp ? "failed" : "pending"}, secret = case when ${isGivenUp}::boolean then null else secret end, last_error = ${keptError(error)}, next_attempt_at = ${next}::timestamptz
    where ${isClaimed(deliveryId, claim)}`);
  if (rowCount === 0) return { status: "skipped" };
  return isGivenUp ? { status: "failed", error } : { status: "retry", error, inMs };
}
