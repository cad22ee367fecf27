import { eq } from "drizzle-orm";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import { invalidField } from "@/core/errors";
import { lockExclusive } from "@/core/locks";
import { refuseChanged } from "@/core/made-from";
import { alertConfigs } from "@/db/schema";
import type { AlertContext } from "../alert-context";
import { isToldAlike, ownWebhookOf, queueClosing, queueClosingOfEvery } from "../delivery/queue-closing";
import { refuseForbiddenUrl } from "../delivery/webhook-policy";
import { isSameDestination } from "../receivers/is-same-destination";
import { setReceivers } from "../receivers/set-receivers";
import type { AlertConfig, AlertConfigChange } from "../schemas";
import { configOf } from "./config-of";
import { noConfig } from "./get-config";
import { setThresholds } from "./set-thresholds";
import { sealWebhookSecret } from "./webhook-secret";

/**
 * Changes what is named and keeps the rest.
 * @throws Fault not_found, conflict when it isn't any more what the change was made from, or invalid for a URL that may not be
 * called, or a secret that would go elsewhere
 */
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
    const [known] = await transaction.select().from(alertConfigs).where(eq(alertConfigs.service, service));
    if (!known) throw noConfig(service);
    refuseChanged("the alert", known.updatedAt, change.updated_at);
    const excepted =
      service === EVERY_SERVICE
        ? (change.except_services ?? []).filter((name) => !known.exceptServices.includes(name))
        : [];
    const ofExcepted = await queueClosingOfEvery(transaction, excepted, now);
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
        webhookSecret: secretOf(context, known, change),
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
    const { alert_webhook_url: target = known.alertWebhookUrl, webhook_format: format = known.webhookFormat } = change;
    const next = { channel: "webhook", target, format, secret: change.webhook_secret } as const;
    const former = ownWebhookOf(known).filter((webhook) => !isToldAlike(webhook, next));
    const closing = [
      ...ofExcepted,
      ...(await queueClosing(transaction, former, now)),
      ...(change.receivers ? await setReceivers(context, transaction, { configId: row.id }, change.receivers) : []),
    ];
    return {
      config: await configOf({ db: transaction }, row),
      deliveries: [...closing, ...(await setThresholds(transaction, service, now))],
    };
  });
  outbox.request(deliveries);
  return config;
}

/**
 * The webhook's secret as it is to be stored; undefined: as it is. It goes with the address that it was for.
 * @throws Fault invalid when the one that is stored would go elsewhere
 */
function secretOf(
  context: AlertContext,
  { webhookSecret, alertWebhookUrl: url, webhookFormat: format }: typeof alertConfigs.$inferSelect,
  { webhook_secret: given, alert_webhook_url: target = url, webhook_format = format }: AlertConfigChange,
): string | null | undefined {
  if (given !== undefined) return sealWebhookSecret(context, given);
  if (webhookSecret === null) return undefined;
  if (target === null) return null;
  const next = { channel: "webhook", target, format: webhook_format };
  if (url !== null && isSameDestination({ channel: "webhook", target: url, format }, next)) return undefined;
  throw invalidField("webhook_secret", "must be given again, as it goes elsewhere now; null for none");
}
