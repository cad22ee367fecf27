import type { Unit } from "./chart-options";

/** The last words of names, as programs write them, and what their numbers are. */
const WORDS = new Map<string, Unit>(
  Object.entries({
    ns: "ns",
    nanos: "ns",
    nanoseconds: "ns",
    us: "us",
    µs: "us",
    micros: "us",
    microseconds: "us",
    ms: "ms",
    msec: "ms",
    millis: "ms",
    milliseconds: "ms",
    s: "s",
    sec: "s",
    secs: "s",
    seconds: "s",
    byte: "bytes",
    bytes: "bytes",
    kb: "kB",
    kilobytes: "kB",
    mb: "MB",
    megabytes: "MB",
    pct: "percent",
    percent: "percent",
    percentage: "percent",
    share: "share",
    ratio: "share",
    fraction: "share",
  }),
);

/** Names that say it as a whole, as access logs and OpenTelemetry use them without a unit. */
const NAMES = new Map<string, Unit>(
  Object.entries({
    request_time: "s",
    upstream_response_time: "s",
    body_bytes_sent: "bytes",
    content_length: "bytes",
    "http.request.body.size": "bytes",
    "http.response.body.size": "bytes",
    "http.server.request.duration": "s",
    "http.client.request.duration": "s",
  }),
);

/** What counts, whatever it counts. */
const COUNTS = /^(?:count|count_distinct)\(/i;
const RATE = /^rate\(/i;
const CALL = /^[a-z_]\w*(?:\.\d+)?\((?:[\d.]+, )?(.*?)\)(?: if \(.*\))?$/is;

/**
 * The unit of a measure by its name: a call such as `p95(duration_ms)`, or what it was named.
 * @returns number where the name says nothing
 */
export function guessUnit(name: string): Unit {
  if (COUNTS.test(name)) return "number";
  if (RATE.test(name)) return "rate";
  const field = CALL.exec(name)?.[1] ?? name;
  const whole = NAMES.get(field.toLowerCase());
  if (whole) return whole;
  if (field.trimEnd().endsWith("%")) return "percent";
  const last = /([\p{L}]+)[^\p{L}]*$/u.exec(field.replaceAll(/(\p{Ll})(?=\p{Lu})/gu, "$1_"))?.[1];
  // By itself a single letter is a name, not a unit.
  if (last === undefined || (last.length === 1 && last.length === field.length)) return "number";
  return WORDS.get(last.toLowerCase()) ?? "number";
}
