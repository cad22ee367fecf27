import { and, eq, notInArray } from "drizzle-orm";
import type { Context } from "@/core/context";
import { invalidField } from "@/core/errors";
import { alertReceivers } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { sealWebhookSecret } from "../configs/webhook-secret";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import type { ReceiverInput } from "../shared-schemas";

/** Whose they are: a service's configuration, or an alert on a query. */
export type ReceiversOf = { configId: number } | { alertId: number };

const ofOwner = (owner: ReceiversOf) =>
  "configId" in owner ? eq(alertReceivers.configId, owner.configId) : eq(alertReceivers.alertId, owner.alertId);

/**
 * Makes them all that there are. One that is named by its id stays the same, and keeps its secret when none is given.
 * @throws Fault invalid for an address that may not be called, or an id of none of them
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
    const changed = await transaction
      .update(alertReceivers)
      .set(sealed === undefined || sealed === null ? values : { ...values, secret: sealed })
      .where(and(eq(alertReceivers.id, id), ofOwner(owner)))
      .returning();
    if (changed.length === 0) throw invalidField(`receivers.${place}.id`, "is of no receiver of this alert");
  }
}
