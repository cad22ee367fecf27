import { z } from "zod";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseParameters } from "@/app/api/parse-request";
import { invalidField, notFound } from "@/core/errors";
import { decodePosition } from "@/core/realtime/position";
import type { StatsView } from "@/core/realtime/stats-view";
import type { Watch } from "@/core/realtime/watcher";
import type { Runtime } from "@/core/runtime";
import { serviceNameSchema } from "@/core/service-name";
import { isSeen } from "@/core/stats/find-service-names";

const VIEWS = ["dashboard", "overview", "service"] as const;

const parametersSchema = z.strictObject({
  view: z.enum(VIEWS, `must be one of ${VIEWS.join(", ")}`).default("dashboard"),
  timeRange: timeRangeParameter,
  service: serviceNameSchema.optional(),
  lastEventId: z.string().optional(),
});

/**
 * @param parameters of GET /api/logs/stream
 * @param lastEventId where the client left off, when it is not among them
 * @throws Fault invalid, or not_found for a service that never sent an entry
 */
export async function watchStats(
  { hub, db }: Runtime,
  parameters: URLSearchParams,
  lastEventId: string | null,
): Promise<Watch> {
  const { view, timeRange: range, service, ...left } = parseParameters(parameters, parametersSchema);
  if (view === "service" && service !== undefined && !(await isSeen(db, service))) {
    throw notFound(`service "${service}" has never sent an entry`);
  }
  const watched = viewOf(view, range, service);
  return (watcher) => hub.watchStats(watched, watcher, decodePosition(lastEventId ?? left.lastEventId ?? null));
}

type Parameters = z.infer<typeof parametersSchema>;

function viewOf(view: Parameters["view"], range: Parameters["timeRange"], service: string | undefined): StatsView {
  if (view === "service") {
    if (service === undefined) throw invalidField("service", "is required for view=service");
    return { name: view, range, service };
  }
  return view === "overview" ? { name: view, range } : { name: view };
}
