import type { Context } from "@/core/context";
import { countServices } from "./count-services";
import { errorsOf, healthOf } from "./level-counts";
import type { CountByLevel, ServiceHealth } from "./schemas";
import { windowOf } from "./time-range";

/** The health of every service ever seen over the last hour, by its name. */
export async function getServiceHealth({ db, clock }: Context): Promise<Record<string, ServiceHealth>> {
  const now = clock.now();
  const services = await countServices(db, windowOf("1h", now));
  return Object.fromEntries([...services].map(([service, counts]) => [service, serviceHealthOf(service, counts, now)]));
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
