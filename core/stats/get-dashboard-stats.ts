import { listViolations } from "@/core/alerts/list-violations";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { serviceHealthOf } from "./get-service-health";
import { logStatsOf } from "./get-service-stats";
import { getTopErrors, TOP_ERRORS } from "./get-top-errors";
import { type DashboardAsked, rankServices } from "./rank-services";
import type { DashboardStats } from "./schemas";
import { windowOf } from "./time-range";

const RECENT_VIOLATIONS = 100;

/** What the dashboard shows at a glance, over the last hour. */
export async function getDashboardStats(context: Context, asked: DashboardAsked = {}): Promise<DashboardStats> {
  const now = context.clock.now();
  const [counted, topErrors, violations] = await Promise.all([
    rankServices(context, { range: "1h", sort: "attention", limit: LIMITS.listedServices, ...asked }),
    getTopErrors(context, { range: "1h", limit: TOP_ERRORS }),
    listViolations(context, { from: windowOf("1h", now).from }, { limit: RECENT_VIOLATIONS }),
  ]);
  const { services } = counted;
  return {
    generated_at: now.toISOString(),
    timestamp_1h: windowOf("1h", now).from.toISOString(),
    timestamp_1d: windowOf("1d", now).from.toISOString(),
    timestamp_1w: windowOf("1w", now).from.toISOString(),
    service_stats: Object.fromEntries(services.map(({ name, counts }) => [name, logStatsOf(name, "1h", counts, now)])),
    service_health: Object.fromEntries(services.map((service) => [service.name, serviceHealthOf(service, now)])),
    top_errors: topErrors,
    violations,
    service_count: counted.total,
  };
}
