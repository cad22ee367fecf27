import { getPattern } from "@/core/patterns/get-pattern";
import { listPatterns, type PatternsQuery } from "@/core/patterns/list-patterns";
import type { EntriesContext } from "@/core/segments/segments";
import { getDashboardStats } from "@/core/stats/get-dashboard-stats";
import { getOverview } from "@/core/stats/get-overview";
import { getServiceDetail } from "@/core/stats/get-service-detail";
import type { TimeRange } from "@/core/stats/time-range";

/** What a client of the stream wants to be kept up to date with: what an endpoint or a page shows. */
export type StatsView =
  | { name: "dashboard" }
  | { name: "overview"; range: TimeRange }
  | { name: "service"; range: TimeRange; service: string }
  | { name: "patterns"; query: PatternsQuery }
  | { name: "pattern"; range: TimeRange; pattern: string };

/** @throws Fault not_found for a service that never sent an entry, or a pattern that isn't there */
export async function readView(context: EntriesContext, view: StatsView): Promise<unknown> {
  switch (view.name) {
    case "dashboard":
      return getDashboardStats(context);
    case "overview":
      return getOverview(context, view.range);
    case "service":
      return getServiceDetail(context, view.service, view.range);
    case "patterns":
      return (await listPatterns(context, view.query)).data;
    case "pattern":
      return getPattern(context, view.pattern, view.range);
  }
}
