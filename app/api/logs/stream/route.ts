import { z } from "zod";
import { eventRoute, positionOf } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { invalidField, notFound } from "@/core/errors";
import type { StatsView } from "@/core/realtime/stats-view";
import { serviceNameSchema } from "@/core/service-name";
import { isSeen } from "@/core/stats/find-service-names";

const VIEWS = ["dashboard", "overview", "service"] as const;

const querySchema = z.strictObject({
  view: z.enum(VIEWS, `must be one of ${VIEWS.join(", ")}`).default("dashboard"),
  timeRange: timeRangeParameter,
  service: serviceNameSchema.optional(),
  lastEventId: z.string().optional(),
});

/** Events `stats`, with what a view shows, `alert` and `heartbeat`. */
export const GET = eventRoute("read", async (request, { hub, db }) => {
  const { view, timeRange: range, service, lastEventId } = parseQuery(request, querySchema);
  if (view === "service" && service !== undefined && !(await isSeen(db, service))) {
    throw notFound(`service "${service}" has never sent an entry`);
  }
  const watched = viewOf(view, range, service);
  return (watcher) => hub.watchStats(watched, watcher, positionOf(request, lastEventId));
});

type Query = z.infer<typeof querySchema>;

function viewOf(view: Query["view"], range: Query["timeRange"], service: string | undefined): StatsView {
  if (view === "service") {
    if (service === undefined) throw invalidField("service", "is required for view=service");
    return { name: view, range, service };
  }
  return view === "overview" ? { name: view, range } : { name: view };
}
