import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { errorsOf, healthOf } from "./level-counts";
import { type DashboardAsked, rankServices } from "./rank-services";
import type { CountByLevel, ServiceHealth } from "./schemas";

/** The health of services over the last hour, by their names, and how many there are. */
export async function getServiceHealth(
  context: Context,
  asked: DashboardAsked = {},
): Promise<{ health: Record<string, ServiceHealth>; total: number }> {
  const now = context.clock.now();
  const limit = LIMITS.listedServices;
  const { services, total } = await rankServices(context, { range: "1h", sort: "attention", limit, ...asked });
  const health = services.map(({ name, counts }) => [name, serviceHealthOf(name, counts, now)] as const);
  return { health: Object.fromEntries(health), total };
}

/** @param counts of the last hour */
export function serviceHealthOf(service: string, counts: CountByLevel, now: Date): ServiceHealth {
  return {
    id: service,
    service,
    status: healthOf(counts),
    error_count: errorsOf(counts),
    warning_count: counts.warning,
    info_count: counts.info,
    last_checked_at: now.toISOString(),
  };
}
