import { SMALL_LETTERS } from "@/core/ascii";
import { LEVELS, type Level } from "@/core/levels";

/**
 * Other names of the levels that loggers use, in lower case: syslog (RFC 5424), java.util.logging, Serilog's and zerolog's
 * three letters, .NET's four, glog's and logcat's single ones, npm's and winston's, PHP's,
 * Rails', log15's four, MongoDB's D1 to D5 and PostgreSQL's DEBUG1 to DEBUG5.
 */
const ALIASES: Readonly<Record<string, Level>> = {
  verbose: "trace",
  silly: "trace",
  finest: "trace",
  finer: "trace",
  trc: "trace",
  trce: "trace",
  vrb: "trace",
  t: "trace",
  v: "trace",
  fine: "debug",
  config: "debug",
  dbg: "debug",
  dbug: "debug",
  d: "debug",
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].flatMap((depth) => [`d${depth}`, `debug${depth}`]).map((name) => [name, "debug" as const]),
  ),
  inf: "info",
  i: "info",
  http: "info",
  log: "info",
  success: "info",
  information: "info",
  informational: "info",
  notice: "info",
  warn: "warning",
  wrn: "warning",
  w: "warning",
  err: "error",
  eror: "error",
  e: "error",
  fail: "error",
  failure: "error",
  severe: "error",
  ftl: "fatal",
  f: "fatal",
  dpanic: "fatal",
  critical: "fatal",
  crit: "fatal",
  alert: "fatal",
  emerg: "fatal",
  emergency: "fatal",
  panic: "fatal",
};

/** Severities 0 to 7 of syslog (RFC 5424, table 2), 10 to 60 of pino and bunyan, 100 to 600 of Monolog. */
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
  "100": "debug",
  "200": "info",
  "250": "info",
  "300": "warning",
  "400": "error",
  "500": "fatal",
  "550": "fatal",
  "600": "fatal",
};

const ALL_NAMES = Object.entries({
  ...Object.fromEntries(LEVELS.map((level) => [level, level])),
  ...ALIASES,
  ...NUMBERS,
});
const LONGEST_NAME = Math.max(...ALL_NAMES.map(([name]) => name.length));

function hashOf(source: Uint8Array, from: number, end: number): number {
  let hash = end - from;
  for (let at = from; at < end; at++)
    hash = (Math.imul(hash, 31) + (SMALL_LETTERS[source[at] as number] as number)) | 0;
  return hash;
}

type KnownName = { bytes: Uint8Array; index: number };

/** By the hash of the name's bytes: finding a level makes no string, as it is done for every entry. */
const BY_HASH = new Map<number, KnownName[]>();
for (const [name, level] of ALL_NAMES) {
  const bytes = Buffer.from(name);
  const hash = hashOf(bytes, 0, bytes.length);
  BY_HASH.set(hash, [...(BY_HASH.get(hash) ?? []), { bytes, index: LEVELS.indexOf(level) }]);
}

export const INFO = LEVELS.indexOf("info");
export const WARNING = LEVELS.indexOf("warning");

/** @returns the index in LEVELS for the bytes of a name, an alias or a number in any case, -1 for what is unknown */
export function levelIndex(source: Uint8Array, from: number, end: number): number {
  if (end - from > LONGEST_NAME) return -1;
  const sameHash = BY_HASH.get(hashOf(source, from, end));
  if (sameHash) for (const known of sameHash) if (isName(known.bytes, source, from, end)) return known.index;
  return -1;
}

function isName(name: Uint8Array, source: Uint8Array, from: number, end: number): boolean {
  if (name.length !== end - from) return false;
  for (let at = 0; at < name.length; at++) if (name[at] !== SMALL_LETTERS[source[from + at] as number]) return false;
  return true;
}

/** The level of an index in LEVELS. @throws RangeError when there is none */
export function levelAt(index: number): Level {
  const level = LEVELS[index];
  if (!level) throw new RangeError(`no level ${index}`);
  return level;
}
