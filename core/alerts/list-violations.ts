import { and, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import type { Context } from "@/core/context";
import type { Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import type { Page } from "@/core/page";
import { alertViolations } from "@/db/schema";
import type { AlertThresholdViolation } from "./schemas";

export type ViolationFilter = {
  service?: string;
  level?: Level;
  /** Inclusive. */
  from?: Date;
  /** Exclusive. */
  to?: Date;
};

/** Minutes that crossed a threshold, latest first. @param page absent: the first LIMITS.listedAlerts */
export async function listViolations(
  { db }: Pick<Context, "db">,
  filter: ViolationFilter,
  { limit = LIMITS.listedAlerts, offset = 0 }: Partial<Page> = {},
): Promise<AlertThresholdViolation[]> {
  const rows = await db
    .select()
    .from(alertViolations)
    .where(matching(filter))
    .orderBy(desc(alertViolations.timestamp), alertViolations.service, alertViolations.level, alertViolations.pattern)
    .limit(limit)
    .offset(offset);
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

/** How many there are, up to LIMITS.countedRows. */
export const countViolations = ({ db }: Pick<Context, "db">, filter: ViolationFilter): Promise<number> =>
  db.$count(
    db
      .select({ id: alertViolations.id })
      .from(alertViolations)
      .where(matching(filter))
      .limit(LIMITS.countedRows)
      .as("counted"),
  );

const matching = ({ service, level, from, to }: ViolationFilter): SQL | undefined =>
  and(
    service === undefined ? undefined : eq(alertViolations.service, service),
    level === undefined ? undefined : eq(alertViolations.level, level),
    from && gte(alertViolations.timestamp, from),
    to && lt(alertViolations.timestamp, to),
  );
