import { and, eq, notInArray } from "drizzle-orm";
import type { Context } from "@/core/context";
import { invalidField } from "@/core/errors";
import { alertReceivers } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { sealWebhookSecret } from "../configs/webhook-secret";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import { needsSecret, type ReceiverInput } from "../shared-schemas";
import { isSameDestination } from "./is-same-destination";

/** Whose they are: a service's configuration, or an alert on a query. */
export type ReceiversOf = { configId: number } | { alertId: number };

const ofOwner = (owner: ReceiversOf) =>
  "configId" in owner ? eq(alertReceivers.configId, owner.configId) : eq(alertReceivers.alertId, owner.alertId);

/**
 * Makes them all that there are. One that is named by its id stays the same, and keeps its secret when none is given.
 * @throws Fault invalid for an address that may not be called, an id of none of them, or a secret that would go elsewhere
 */
export async function setReceivers(
  context: Pick<AlertContext, "secrets" | "webhookPolicy">,
  transaction: Context["db"],
  owner: ReceiversOf,
  receivers: readonly ReceiverInput[],
): Promise<void> {
  const kept = receivers.flatMap(({ id }) => id ?? []);
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
}
