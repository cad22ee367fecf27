import { eq } from "drizzle-orm";
import { alertReceivers } from "@/db/schema";

/** Whose they are: a service's configuration, or an alert on a query. */
export type ReceiversOf = { configId: number } | { alertId: number };

/** @returns SQL that chooses the receivers of one */
export const ofOwner = (owner: ReceiversOf) =>
  "configId" in owner ? eq(alertReceivers.configId, owner.configId) : eq(alertReceivers.alertId, owner.alertId);
