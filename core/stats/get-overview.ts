import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import type { Context } from "@/core/context";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { barsOf, countSeries, type Series, sumByLevel, trendOf } from "./count-series";
import { countServices } from "./count-services";
import { getSeen, type Seen } from "./get-seen";
import { getTopErrors } from "./get-top-errors";
import { errorRateOf, healthOf, isError, noCounts, totalOf } from "./level-counts";
import type { Overview, OverviewService } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

const TOP_ERRORS = 10;
const OPEN_INCIDENTS = 20;

/** Everything that the Overview page shows for a range, with one answer to fetch. */
export async function getOverview(context: Context, range: TimeRange): Promise<Overview> {
  const { db, clock } = context;
  const now = clock.now();
  const [seen, lastHour, series, topErrors, incidents, failingJobs] = await Promise.all([
    getSeen(db),
    countServices(db, windowOf("1h", now)),
    countSeries(db, range, now, { split: "by service" }),
    getTopErrors(context, { range, limit: TOP_ERRORS }),
    listIncidents(context, { unresolved: true, limit: OPEN_INCIDENTS }),
    getFailingJobs(context),
  ]);
  const bars = barsOf(range, now).length;
  const services = [...seen].map(([name, times]) => ({
    ...serviceOf(
      name,
      times,
      series.filter(({ service }) => service === name),
      bars,
    ),
    status: healthOf(lastHour.get(name) ?? noCounts()),
  }));
  return {
    generated_at: now.toISOString(),
    failing_jobs: failingJobs,
    trend: trendOf(series, range, now, null),
    services,
    open_incidents: incidents,
    top_errors: topErrors,
  };
}

function serviceOf(
  service: string,
  { firstSeen, lastSeen }: Seen,
  series: readonly Series[],
  bars: number,
): Omit<OverviewService, "status"> {
  const counts = sumByLevel(series);
  const sumOf = (summed: readonly Series[]) =>
    Array.from({ length: bars }, (_, bar) => summed.reduce((sum, one) => sum + (one.counts[bar] ?? 0), 0));
  return {
    service,
    count_by_level: counts,
    total_count: totalOf(counts),
    error_rate: errorRateOf(counts),
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
    totals: sumOf(series),
    errors: sumOf(series.filter(({ level }) => isError(level))),
  };
}
