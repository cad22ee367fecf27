import { countIncidents, listIncidents } from "@/core/alerts/incidents/list-incidents";
import type { Context } from "@/core/context";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { getLateJobs, processBegan } from "@/core/jobs/get-late-jobs";
import { LIMITS } from "@/core/limits";
import { needsRoom } from "@/core/retention/needs-room";
import { readStorageState } from "@/core/retention/storage-state";
import { countSeries, trendOf } from "./count-series";
import { getTopErrors, TOP_ERRORS } from "./get-top-errors";
import { listServices } from "./list-services";
import type { Overview } from "./schemas";
import type { TimeRange } from "./time-range";

const OPEN_INCIDENTS = 20;
const UNRESOLVED = { unresolved: true };

/** Everything that the Overview page shows for a range, with one answer to fetch; of the services the first page. */
export async function getOverview(context: Context, range: TimeRange): Promise<Overview> {
  const { db, clock } = context;
  const now = clock.now();
  const [list, series, topErrors, incidents, incidentCount, failingJobs, lateJobs, storage] = await Promise.all([
    listServices(context, { range, sort: "attention", limit: LIMITS.listPage }),
    countSeries(db, range, now, { split: "together" }),
    getTopErrors(context, { range, limit: TOP_ERRORS }),
    listIncidents(context, UNRESOLVED, { limit: OPEN_INCIDENTS }),
    countIncidents(context, UNRESOLVED),
    getFailingJobs(context),
    getLateJobs(context, processBegan(context)),
    readStorageState(context),
  ]);
  return {
    generated_at: now.toISOString(),
    failing_jobs: failingJobs,
    late_jobs: lateJobs,
    storage: storage && needsRoom(storage, now) ? storage : null,
    trend: trendOf(series, range, now, null),
    ...list,
    has_many_services: list.total > LIMITS.manyServices,
    open_incidents: incidents,
    open_incident_count: incidentCount,
    top_errors: topErrors,
  };
}
