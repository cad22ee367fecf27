import type { Context } from "@/core/context";
import type { alertConfigs } from "@/db/schema";
import { listReceivers } from "../receivers/list-receivers";
import type { AlertConfig } from "../schemas";
import { quietHoursSchema, type Receiver } from "../shared-schemas";

type Row = typeof alertConfigs.$inferSelect;

/** Rows as they are shown, with who is told: everything but secrets. */
export async function configsOf(context: Pick<Context, "db">, rows: readonly Row[]): Promise<AlertConfig[]> {
  const ids = rows.map(({ id }) => id);
  const receivers = await listReceivers(context, "configId", ids);
  return rows.map((row) => withReceivers(row, receivers.get(row.id) ?? []));
}

/** The same of one. */
export async function configOf(context: Pick<Context, "db">, row: Row): Promise<AlertConfig> {
  const receivers = await listReceivers(context, "configId", [row.id]);
  return withReceivers(row, receivers.get(row.id) ?? []);
}

function withReceivers(row: Row, receivers: Receiver[]): AlertConfig {
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
    receivers,
    runbook_url: row.runbookUrl,
    quiet_hours: quietHoursSchema.nullable().parse(row.quietHours),
    enabled: row.enabled,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
