import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { errorsOf } from "./level-counts";
import { type DashboardAsked, type RankedService, rankServices } from "./rank-services";
import type { ServiceHealth } from "./schemas";

/** The health of services over the last hour, by their names, and how many there are. */
export async function getServiceHealth(
  context: Context,
  asked: DashboardAsked = {},
): Promise<{ health: Record<string, ServiceHealth>; total: number }> {
  const now = context.clock.now();
  const limit = LIMITS.listedServices;
  const { services, total } = await rankServices(context, { range: "1h", sort: "attention", limit, ...asked });
  const health = services.map((service) => [service.name, serviceHealthOf(service, now)] as const);
  return { health: Object.fromEntries(health), total };
}

/** @param ranked over the last hour */
export function serviceHealthOf({ name, status, counts }: RankedService, now: Date): ServiceHealth {
  return {
    id: name,
    service: name,
    status,
    error_count: errorsOf(counts),
    warning_count: counts.warning,
    info_count: counts.info,
    last_checked_at: now.toISOString(),
  };
}
