import { and, eq, notInArray } from "drizzle-orm";
import type { Context } from "@/core/context";
import { invalidField } from "@/core/errors";
import { alertReceivers } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { sealWebhookSecret } from "../configs/webhook-secret";
import { isToldAlike, queueClosing, receiversOf } from "../delivery/queue-closing";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import { needsSecret, type ReceiverInput } from "../shared-schemas";
import { isSameDestination } from "./is-same-destination";
import { ofOwner, type ReceiversOf } from "./of-owner";

/**
 * Makes them all that there are. One that is named by its id stays the same, and keeps its secret when none is given. Those that keep
 * incidents themselves and are removed, or are told elsewhere from now on, are told that what is open is over for them.
 * @returns ids of deliveries to be sent after commit
 * @throws Fault invalid for an address that may not be called, an id of none of them, a secret that would go elsewhere, or one that is missing
 */
export async function setReceivers(
  context: Pick<AlertContext, "secrets" | "webhookPolicy" | "clock">,
  transaction: Context["db"],
  owner: ReceiversOf,
  receivers: readonly ReceiverInput[],
): Promise<string[]> {
  const kept = receivers.flatMap(({ id }) => id ?? []);
  const before = await receiversOf(transaction, owner);
  const former = before.filter((one) => !receivers.some((next) => next.id === one.id && isToldAlike(one, next)));
  const deliveries = await queueClosing(transaction, former, context.clock.now());
  await transaction
    .delete(alertReceivers)
    .where(kept.length === 0 ? ofOwner(owner) : and(ofOwner(owner), notInArray(alertReceivers.id, kept)));
  for (const [place, { id, channel, target, format, secret, least_severity: leastSeverity }] of receivers.entries()) {
    if (channel === "webhook") refuseForbiddenUrl(context.webhookPolicy, target, `receivers.${place}.target`);
    const values = { channel, target, format, leastSeverity };
    const sealed = sealWebhookSecret(context, secret);
    if (id === undefined) {
      await transaction.insert(alertReceivers).values({ ...owner, ...values, secret: sealed ?? null });
      continue;
    }
    const ofId = and(eq(alertReceivers.id, id), ofOwner(owner));
    const [known] = await transaction.select().from(alertReceivers).where(ofId).for("update");
    if (!known) throw invalidField(`receivers.${place}.id`, "is of no receiver of this alert");
    if (sealed === undefined && known.secret !== null && !isSameDestination(known, values)) {
      throw invalidField(`receivers.${place}.secret`, "must be given again, as it goes elsewhere now; null for none");
    }
    const next = sealed === undefined ? known.secret : sealed;
    if (channel === "webhook" && needsSecret(format) && next === null) {
      throw invalidField(`receivers.${place}.secret`, `is required for ${format}`);
    }
    await transaction
      .update(alertReceivers)
      .set(sealed === undefined ? values : { ...values, secret: sealed })
      .where(ofId);
  }
  return deliveries;
}
