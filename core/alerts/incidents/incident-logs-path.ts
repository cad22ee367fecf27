import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import { logsPath } from "@/core/search/logs-path";
import { quoteValue } from "@/core/search/query/quote-value";
import type { Incident } from "../schemas";

/** Around an incident that is no minute long, so that what led to it is seen too. */
const AROUND_MS = 5 * MINUTE_MS;

type Subject = Pick<Incident, "service" | "kind" | "pattern">;

/** Path of the explorer with what an incident is of: the service's errors, warnings or lines of a pattern in its minutes, or all around a silence. */
export function incidentLogsPath({ service, kind, pattern }: Subject, first: Date, last: Date): string {
  const level = kind === "absence" ? "" : kind === "warning" ? " level:warning" : " level>=error";
  const ofPattern = pattern === null ? "" : ` pattern:${pattern}`;
  const around = kind === "absence" ? AROUND_MS : 0;
  const from = addMs(floorTo(first, MINUTE_MS), -around).toISOString();
  const to = addMs(floorTo(last, MINUTE_MS), MINUTE_MS + around).toISOString();
  return logsPath(`service:${quoteValue(service)}${level}${ofPattern}`, { from, to });
}
