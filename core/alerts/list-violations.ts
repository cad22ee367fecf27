import { and, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import type { Context } from "@/core/context";
import type { Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { alertViolations } from "@/db/schema";
import type { AlertThresholdViolation } from "./schemas";

export type ViolationFilter = {
  service?: string;
  level?: Level;
  /** Inclusive. */
  from?: Date;
  /** Exclusive. */
  to?: Date;
  limit?: number;
};

/** Minutes that crossed a threshold, latest first. */
export async function listViolations({ db }: Context, filter: ViolationFilter): Promise<AlertThresholdViolation[]> {
  const conditions: (SQL | undefined)[] = [
    filter.service === undefined ? undefined : eq(alertViolations.service, filter.service),
    filter.level === undefined ? undefined : eq(alertViolations.level, filter.level),
    filter.from && gte(alertViolations.timestamp, filter.from),
    filter.to && lt(alertViolations.timestamp, filter.to),
  ];
  const rows = await db
    .select()
    .from(alertViolations)
    .where(and(...conditions))
    .orderBy(desc(alertViolations.timestamp), alertViolations.service, alertViolations.level, alertViolations.pattern)
    .limit(filter.limit ?? LIMITS.listedAlerts);
  return rows.map((row) => ({
    id: row.id,
    service: row.service,
    level: row.level,
    pattern: row.pattern === null ? null : String(row.pattern),
    current_count: row.currentCount,
    threshold_value: row.thresholdValue,
    timestamp: row.timestamp.toISOString(),
    alert_sent_at: row.alertSentAt?.toISOString() ?? null,
    incident_id: row.incidentId,
  }));
}
