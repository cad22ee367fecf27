import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import { logsPath } from "@/core/search/logs-path";
import { quoteValue } from "@/core/search/query/quote-value";
import type { Incident, Watched } from "../schemas";

/** Around an incident that is no minute long, so that what led to it is seen too. */
const AROUND_MS = 5 * MINUTE_MS;

type Subject = Pick<Incident, "service" | "kind" | "pattern" | "watched">;

/** Path of the explorer with what an incident is of: the service's errors, warnings or lines of a pattern in its minutes, or all around a silence. */
export function incidentLogsPath({ service, kind, pattern, watched }: Subject, first: Date, last: Date): string {
  if (watched) return watchedLogsPath(watched, first, last);
  const level = kind === "absence" ? "" : kind === "warning" ? " level:warning" : " level>=error";
  const ofPattern = pattern === null ? "" : ` pattern:${pattern}`;
  const around = kind === "absence" ? AROUND_MS : 0;
  const from = addMs(floorTo(first, MINUTE_MS), -around).toISOString();
  const to = addMs(floorTo(last, MINUTE_MS), MINUTE_MS + around).toISOString();
  return logsPath(`service:${quoteValue(service)}${level}${ofPattern}`, { from, to });
}

/** The lines of a query's group, from the beginning of the first window that crossed to the end of the last. */
function watchedLogsPath({ lines, window_minutes }: Watched, first: Date, last: Date): string {
  const from = addMs(first, MINUTE_MS * (1 - window_minutes)).toISOString();
  return logsPath(lines, { from, to: addMs(last, MINUTE_MS).toISOString() });
}
