import { addMs, floorTo, MINUTE_MS } from "@/core/clock";
import { logsPath } from "@/core/search/logs-path";
import { quoteValue } from "@/core/search/query/quote-value";
import type { IncidentKind } from "../schemas";

/** Around an incident that is no minute long, so that what led to it is seen too. */
const AROUND_MS = 5 * MINUTE_MS;

/** Path of the explorer with what an incident is of: the service's errors or warnings in its minutes, or all around a silence. */
export function incidentLogsPath(service: string, kind: IncidentKind, first: Date, last: Date): string {
  const level = kind === "error" ? " level>=error" : kind === "warning" ? " level:warning" : "";
  const around = kind === "absence" ? AROUND_MS : 0;
  const from = addMs(floorTo(first, MINUTE_MS), -around).toISOString();
  const to = addMs(floorTo(last, MINUTE_MS), MINUTE_MS + around).toISOString();
  return logsPath(`service:${quoteValue(service)}${level}`, { from, to });
}
