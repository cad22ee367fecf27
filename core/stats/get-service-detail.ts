import { addMs, DAY_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { EVERYTHING } from "@/core/search/query/query-tree";
import { listedEntryOf } from "@/core/search/schemas";
import { searchLogs } from "@/core/search/search-logs";
import type { EntriesContext } from "@/core/segments/segments";
import { getClockAhead } from "./get-clock-ahead";
import { getTopErrors, TOP_ERRORS } from "./get-top-errors";
import { getTrend } from "./get-trend";
import type { ServiceDetail } from "./schemas";
import type { TimeRange } from "./time-range";

const RECENT_ENTRIES = 50;
const LISTED = { characters: LIMITS.listedCharacters, attributes: false };

/** Everything that the page of a service shows for a range. @throws Fault not_found for a service that never sent an entry */
export async function getServiceDetail(
  context: EntriesContext,
  service: string,
  range: TimeRange,
): Promise<ServiceDetail> {
  const to = addMs(context.clock.now(), LIMITS.futureMs + DAY_MS);
  const recent = { query: EVERYTHING, service, from: new Date(0), to, limit: RECENT_ENTRIES, part: LISTED };
  const [trend, topErrors, clockAheadMs, found] = await Promise.all([
    getTrend(context, service, range),
    getTopErrors(context, { range, limit: TOP_ERRORS, service }),
    getClockAhead(context, service),
    searchLogs(context, recent),
  ]);
  const { complete, missing_segments, missing_count } = found;
  return {
    trend,
    top_errors: topErrors,
    clock_ahead_ms: clockAheadMs,
    recent_entries: found.entries.map(listedEntryOf),
    complete,
    missing_segments,
    missing_count,
  };
}
