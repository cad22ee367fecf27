import { and, eq, isNull, ne, notInArray } from "drizzle-orm";
import { lockExclusive } from "@/core/locks";
import { alertConfigs, alertIncidents } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { EVERY_SERVICE } from "../incidents/alert-of";
import type { AlertConfig } from "../schemas";
import { getConfig } from "./get-config";
import { setThresholds } from "./set-thresholds";

/** Stops watching the service; what happened stays on record, and what is open ends without a word. @throws Fault not_found */
export function deleteConfig({ db, clock }: AlertContext, service: string): Promise<AlertConfig> {
  const now = clock.now();
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    const config = await getConfig({ db: transaction }, service);
    await transaction.delete(alertConfigs).where(eq(alertConfigs.service, service));
    await setThresholds(transaction, service, now);
    const ofOthers = transaction.select({ service: alertConfigs.service }).from(alertConfigs);
    await transaction
      .update(alertIncidents)
      .set({ resolvedAt: now })
      .where(
        and(
          ne(alertIncidents.kind, "query"),
          service === EVERY_SERVICE
            ? notInArray(alertIncidents.service, ofOthers)
            : eq(alertIncidents.service, service),
          isNull(alertIncidents.resolvedAt),
        ),
      );
    return config;
  });
}
