import { LEVELS, type Level } from "@/db/schema";

/** Other names of the levels that loggers use, in lower case. */
const ALIASES: Readonly<Record<string, Level>> = {
  verbose: "trace",
  finest: "trace",
  finer: "trace",
  fine: "debug",
  information: "info",
  informational: "info",
  notice: "info",
  warn: "warning",
  err: "error",
  severe: "error",
  critical: "fatal",
  crit: "fatal",
  alert: "fatal",
  emerg: "fatal",
  emergency: "fatal",
  panic: "fatal",
};

/** Severities 0 to 7 of syslog (RFC 5424, table 2) and 10 to 60 of pino and bunyan. */
const NUMBERS: Readonly<Record<string, Level>> = {
  "0": "fatal",
  "1": "fatal",
  "2": "fatal",
  "3": "error",
  "4": "warning",
  "5": "info",
  "6": "info",
  "7": "debug",
  "10": "trace",
  "20": "debug",
  "30": "info",
  "40": "warning",
  "50": "error",
  "60": "fatal",
};

const BY_NAME = new Map<string, number>([
  ...LEVELS.map((level): [string, number] => [level, LEVELS.indexOf(level)]),
  ...Object.entries({ ...ALIASES, ...NUMBERS }).map(([name, level]): [string, number] => [name, LEVELS.indexOf(level)]),
]);

export const INFO = LEVELS.indexOf("info");
export const WARNING = LEVELS.indexOf("warning");
export const ERROR = LEVELS.indexOf("error");

/** @returns the index in LEVELS for a name, an alias or a number in any case, undefined for what is unknown */
export function levelIndex(name: string): number | undefined {
  return BY_NAME.get(name.trim().toLowerCase());
}
