import { and, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import type { Context } from "@/core/context";
import { countRows } from "@/core/count-rows";
import type { Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import type { Page, Paged } from "@/core/page";
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

/** A page of them, with how many there are. */
export async function pageOfViolations(
  context: Pick<Context, "db">,
  filter: ViolationFilter,
  page?: Page,
): Promise<Paged<AlertThresholdViolation>> {
  const [total, data] = await Promise.all([
    countRows(context, alertViolations, matching(filter)),
    listViolations(context, filter, page),
  ]);
  return { total, data };
}

const matching = ({ service, level, from, to }: ViolationFilter): SQL | undefined =>
  and(
    service === undefined ? undefined : eq(alertViolations.service, service),
    level === undefined ? undefined : eq(alertViolations.level, level),
    from && gte(alertViolations.timestamp, from),
    to && lt(alertViolations.timestamp, to),
  );
