import type { alertConfigs, alertReceivers } from "@/db/schema";
import { receiverOf } from "../receivers/list-receivers";
import type { AlertConfig } from "../schemas";
import { quietHoursSchema } from "../shared-schemas";

/** A row as it is shown: everything but the secret. */
export function configOf(
  row: typeof alertConfigs.$inferSelect,
  receivers: readonly (typeof alertReceivers.$inferSelect)[],
): AlertConfig {
  return {
    id: row.id,
    service: row.service,
    error_threshold_per_min: row.errorThresholdPerMin,
    warning_threshold_per_min: row.warningThresholdPerMin,
    pattern_threshold_per_min: row.patternThresholdPerMin,
    notify_new_patterns: row.notifyNewPatterns,
    alert_email: row.alertEmail,
    alert_webhook_url: row.alertWebhookUrl,
    webhook_format: row.webhookFormat,
    webhook_secret_set: row.webhookSecret !== null,
    resolve_after_minutes: row.resolveAfterMinutes,
    notify_resolved: row.notifyResolved,
    remind_every_minutes: row.remindEveryMinutes,
    no_logs_minutes: row.noLogsMinutes,
    except_services: row.exceptServices,
    receivers: receivers.filter(({ configId }) => configId === row.id).map(receiverOf),
    runbook_url: row.runbookUrl,
    quiet_hours: quietHoursSchema.nullable().parse(row.quietHours),
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
