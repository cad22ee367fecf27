import { logsPath } from "@/core/search/logs-path";

/** The page of a pattern. */
export const patternPath = (pattern: string): string => `/errors/pattern?id=${pattern}`;

/** The explorer with the lines of a pattern. */
export const patternLogsPath = (pattern: string): string => logsPath(`pattern:${pattern}`);

/** Stands for all messages above a limit, which have no page and no lines of their own. */
export const OTHER_PATTERN = "0";
