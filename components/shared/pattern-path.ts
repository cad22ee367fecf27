import { logsPath } from "@/core/search/logs-path";

/** The page of a pattern. */
export const patternPath = (pattern: string): string => `/errors/pattern?id=${pattern}`;

/** The explorer with the lines of a pattern. */
export const patternLogsPath = (pattern: string): string => logsPath(`pattern:${pattern} level>=warning`);
