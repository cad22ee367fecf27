import { logsPath } from "@/core/search/logs-path";
import type { TimeRange } from "@/core/stats/time-range";
import { withRange } from "./with-range";

/** The page of a pattern. */
export const patternPath = (pattern: string, range?: TimeRange): string =>
  withRange(`/errors/pattern?id=${pattern}`, range);

/** The explorer with the lines of a pattern. */
export const patternLogsPath = (pattern: string, range: TimeRange): string =>
  withRange(logsPath(`pattern:${pattern} level>=warning`), range);
