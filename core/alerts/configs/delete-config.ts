import { and, eq, isNull } from "drizzle-orm";
import { lockExclusive } from "@/core/locks";
import { alertConfigs, alertIncidents } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import type { AlertConfig } from "../schemas";
import { configOf } from "./config-of";
import { noConfig } from "./get-config";
import { setThresholds } from "./set-thresholds";

/** Stops watching the service; what happened stays on record, and what is open ends without a word. @throws Fault not_found */
export function deleteConfig({ db, clock }: AlertContext, service: string): Promise<AlertConfig> {
  const now = clock.now();
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    const [row] = await transaction.delete(alertConfigs).where(eq(alertConfigs.service, service)).returning();
    if (!row) throw noConfig(service);
    await setThresholds(transaction, service, null, now);
    await transaction
      .update(alertIncidents)
      .set({ resolvedAt: now })
      .where(and(eq(alertIncidents.service, service), isNull(alertIncidents.resolvedAt)));
    return configOf(row);
  });
}
