import type { Context } from "@/core/context";
import { barsOf, countSeries, type Series } from "./count-series";
import { errorRateOf, isError, totalOf } from "./level-counts";
import { type RankedService, rankServices, type ServicesAsked } from "./rank-services";
import type { OverviewService, ServiceList } from "./schemas";

/** A page of the services, with the course of each. */
export async function listServices(context: Context, asked: ServicesAsked): Promise<ServiceList> {
  const now = context.clock.now();
  const { total, notOk, services } = await rankServices(context, asked);
  const names = services.map(({ name }) => name);
  const series =
    names.length === 0 ? [] : await countSeries(context.db, asked.range, now, { service: names, split: "by service" });
  const bars = barsOf(asked.range, now).length;
  return {
    total,
    not_ok: notOk,
    services: services.map((service) =>
      rowOf(
        service,
        series.filter((one) => one.service === service.name),
        bars,
      ),
    ),
  };
}

function rowOf(
  { name, first_seen: firstSeen, last_seen: lastSeen, status, counts }: RankedService,
  series: readonly Series[],
  bars: number,
): OverviewService {
  const sumOf = (summed: readonly Series[]) =>
    Array.from({ length: bars }, (_, bar) => summed.reduce((sum, one) => sum + (one.counts[bar] ?? 0), 0));
  return {
    service: name,
    status,
    count_by_level: counts,
    total_count: totalOf(counts),
    error_rate: errorRateOf(counts),
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
    totals: sumOf(series),
    errors: sumOf(series.filter(({ level }) => isError(level))),
  };
}
