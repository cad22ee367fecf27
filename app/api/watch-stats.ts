import { z } from "zod";
import { panelSourceOf } from "@/app/api/panel-parameters";
import { patternId, timeRangeParameter } from "@/app/api/parameters";
import { parseParameters } from "@/app/api/parse-request";
import { patternsParameters, patternsQueryOf } from "@/app/api/patterns-parameters";
import { checkSource } from "@/core/dashboards/read-panel";
import { invalidField, notFound } from "@/core/errors";
import { oneOf } from "@/core/one-of";
import { canonicalOf } from "@/core/patterns/get-pattern";
import { requirePattern } from "@/core/patterns/require-pattern";
import { decodePosition } from "@/core/realtime/position";
import type { StatsView } from "@/core/realtime/stats-view";
import type { Watch } from "@/core/realtime/watcher";
import type { Runtime } from "@/core/runtime";
import { serviceNameSchema } from "@/core/service-name";
import { isSeen } from "@/core/stats/find-service-names";

const VIEWS = ["dashboard", "overview", "service", "patterns", "pattern", "panel"] as const;

const anyView = {
  view: oneOf(VIEWS).default("dashboard"),
  lastEventId: z.string().optional(),
};
const anySchema = z.looseObject(anyView);
const figuresSchema = z.strictObject({
  ...anyView,
  timeRange: timeRangeParameter,
  service: serviceNameSchema.optional(),
});
const patternsSchema = z.strictObject({ ...anyView, ...patternsParameters });
const patternSchema = z.strictObject({ ...anyView, timeRange: timeRangeParameter, pattern: patternId });

/**
 * @param parameters of GET /api/logs/stream
 * @param lastEventId where the client left off, when it is not among them
 * @throws Fault invalid, or not_found for a service that never sent an entry, or a pattern that isn't there
 */
export async function watchStats(
  runtime: Runtime,
  parameters: URLSearchParams,
  lastEventId: string | null,
): Promise<Watch> {
  const left = parseParameters(parameters, anySchema);
  if (left.view === "panel") {
    const source = panelSourceOf(parameters, anyView);
    checkSource(source, runtime.clock.now());
    return (watcher) => runtime.hub.watchPanel(source, watcher);
  }
  const watched = await viewOf(runtime, parameters, left.view);
  return (watcher) => runtime.hub.watchStats(watched, watcher, decodePosition(lastEventId ?? left.lastEventId ?? null));
}

async function viewOf(
  runtime: Runtime,
  parameters: URLSearchParams,
  name: Exclude<(typeof VIEWS)[number], "panel">,
): Promise<StatsView> {
  if (name === "patterns") {
    const { view: _view, lastEventId: _lastEventId, ...query } = parseParameters(parameters, patternsSchema);
    return { name, query: patternsQueryOf(query) };
  }
  if (name === "pattern") {
    const { pattern, timeRange: range } = parseParameters(parameters, patternSchema);
    await requirePattern(runtime, await canonicalOf(runtime, pattern));
    return { name, range, pattern };
  }
  const { timeRange: range, service } = parseParameters(parameters, figuresSchema);
  if (name !== "service") return name === "overview" ? { name, range } : { name };
  if (service === undefined) throw invalidField("service", "is required for view=service");
  if (!(await isSeen(runtime.db, service))) throw notFound(`service "${service}" has never sent an entry`);
  return { name, range, service };
}
