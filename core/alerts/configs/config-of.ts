import type { alertConfigs } from "@/db/schema";
import type { AlertConfig } from "../schemas";

/** A row as it is shown: everything but the secret. */
export function configOf(row: typeof alertConfigs.$inferSelect): AlertConfig {
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
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
