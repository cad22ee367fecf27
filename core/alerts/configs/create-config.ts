import { eq } from "drizzle-orm";
import { conflict } from "@/core/errors";
import { lockExclusive } from "@/core/locks";
import { alertConfigs } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { queueClosingOfEvery } from "../delivery/queue-closing";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import { setReceivers } from "../receivers/set-receivers";
import type { AlertConfig, AlertConfigInput } from "../schemas";
import { configOf } from "./config-of";
import { setThresholds } from "./set-thresholds";
import { sealWebhookSecret } from "./webhook-secret";

/** @throws Fault conflict when the service has a configuration, invalid for a URL that may not be called */
export async function createConfig(context: AlertContext, input: AlertConfigInput): Promise<AlertConfig> {
  const { db, clock, outbox, webhookPolicy } = context;
  refuseForbiddenUrl(webhookPolicy, input.alert_webhook_url);
  const now = clock.now();
  const { config, deliveries } = await db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["aggregation", 0]);
    const existing = await transaction.select().from(alertConfigs).where(eq(alertConfigs.service, input.service));
    if (existing.length > 0) throw conflict(`service "${input.service}" has an alert configuration already`);
    const closing = await queueClosingOfEvery(transaction, [input.service], now);
    const [row] = await transaction
      .insert(alertConfigs)
      .values({
        service: input.service,
        errorThresholdPerMin: input.error_threshold_per_min,
        warningThresholdPerMin: input.warning_threshold_per_min,
        patternThresholdPerMin: input.pattern_threshold_per_min,
        notifyNewPatterns: input.notify_new_patterns,
        alertEmail: input.alert_email,
        alertWebhookUrl: input.alert_webhook_url,
        webhookFormat: input.webhook_format,
        webhookSecret: sealWebhookSecret(context, input.webhook_secret),
        resolveAfterMinutes: input.resolve_after_minutes,
        notifyResolved: input.notify_resolved,
        remindEveryMinutes: input.remind_every_minutes,
        noLogsMinutes: input.no_logs_minutes,
        exceptServices: input.except_services,
        runbookUrl: input.runbook_url,
        quietHours: input.quiet_hours,
        enabled: input.enabled,
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error("the configuration was not stored");
    await setReceivers(context, transaction, { configId: row.id }, input.receivers);
    return {
      config: await configOf({ db: transaction }, row),
      deliveries: [...closing, ...(await setThresholds(transaction, row.service, now))],
    };
  });
  outbox.request(deliveries);
  return config;
}
