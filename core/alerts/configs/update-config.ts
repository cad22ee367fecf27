import { eq } from "drizzle-orm";
import { lockExclusive } from "@/core/locks";
import { alertConfigs } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import { listReceivers } from "../receivers/list-receivers";
import { setReceivers } from "../receivers/set-receivers";
import type { AlertConfig, AlertConfigChange } from "../schemas";
import { configOf } from "./config-of";
import { noConfig } from "./get-config";
import { setThresholds } from "./set-thresholds";
import { sealWebhookSecret } from "./webhook-secret";

/** Changes what is named and keeps the rest. @throws Fault not_found, or invalid for a URL that may not be called */
export async function updateConfig(
  context: AlertContext,
  service: string,
  change: AlertConfigChange,
): Promise<AlertConfig> {
  const { db, clock, outbox, webhookPolicy } = context;
  refuseForbiddenUrl(webhookPolicy, change.alert_webhook_url ?? null);
  const now = clock.now();
  const { config, deliveries } = await db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    const [row] = await transaction
      .update(alertConfigs)
      .set({
        errorThresholdPerMin: change.error_threshold_per_min,
        warningThresholdPerMin: change.warning_threshold_per_min,
        patternThresholdPerMin: change.pattern_threshold_per_min,
        notifyNewPatterns: change.notify_new_patterns,
        alertEmail: change.alert_email,
        alertWebhookUrl: change.alert_webhook_url,
        webhookFormat: change.webhook_format,
        webhookSecret: sealWebhookSecret(context, change.webhook_secret),
        resolveAfterMinutes: change.resolve_after_minutes,
        notifyResolved: change.notify_resolved,
        remindEveryMinutes: change.remind_every_minutes,
        noLogsMinutes: change.no_logs_minutes,
        exceptServices: change.except_services,
        runbookUrl: change.runbook_url,
        quietHours: change.quiet_hours,
        enabled: change.enabled,
        updatedAt: now,
      })
      .where(eq(alertConfigs.service, service))
      .returning();
    if (!row) throw noConfig(service);
    if (change.receivers) await setReceivers(context, transaction, { configId: row.id }, change.receivers);
    return {
      config: configOf(row, await listReceivers({ db: transaction })),
      deliveries: await setThresholds(transaction, service, now),
    };
  });
  outbox.request(deliveries);
  return config;
}
