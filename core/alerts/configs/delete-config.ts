import { and, eq, isNull, ne, notInArray } from "drizzle-orm";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { lockExclusive } from "@/core/locks";
import { alertConfigs, alertIncidents } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { queueClosing, receiversOfConfig } from "../delivery/queue-closing";
import type { AlertConfig } from "../schemas";
import { configOf } from "./config-of";
import { noConfig } from "./get-config";
import { setThresholds } from "./set-thresholds";

/**
 * Stops watching the service; what happened stays on record. What is open ends, of which nobody is told but what keeps incidents itself. Where
 * there is a configuration for every service, that one holds then.
 * @throws Fault not_found
 */
export async function deleteConfig({ db, clock, outbox }: AlertContext, service: string): Promise<AlertConfig> {
  const now = clock.now();
  const { config, deliveries } = await db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    const [row] = await transaction.select().from(alertConfigs).where(eq(alertConfigs.service, service));
    if (!row) throw noConfig(service);
    const config = await configOf({ db: transaction }, row);
    const closing = await queueClosing(transaction, await receiversOfConfig(transaction, row), now);
    await transaction.delete(alertConfigs).where(eq(alertConfigs.service, service));
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
    // Last, as it may open incidents: those of the configuration for every service, which holds for this one from now on.
    return { config, deliveries: [...closing, ...(await setThresholds(transaction, service, now))] };
  });
  outbox.request(deliveries);
  return config;
}
