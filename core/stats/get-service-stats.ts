import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { countService } from "./count-service";
import { errorRateOf, totalOf } from "./level-counts";
import type { CountByLevel, LogStats } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

/** @throws Fault not_found for a service that never sent an entry */
export async function getServiceStats({ db, clock }: Context, service: string, range: TimeRange): Promise<LogStats> {
  const now = clock.now();
  const counts = await countService(db, windowOf(range, now), service);
  if (!counts) throw notFound(`service "${service}" has never sent an entry`);
  return logStatsOf(service, range, counts, now);
}

/** The counts of a service and what follows from them. */
export function logStatsOf(service: string, range: TimeRange, counts: CountByLevel, now: Date): LogStats {
  return {
    id: `${service}:${range}`,
    service,
    timestamp: now.toISOString(),
    count_by_level: counts,
    total_count: totalOf(counts),
    error_rate: errorRateOf(counts),
  };
}
