import { LRUCache } from "lru-cache";
import { QUOTE } from "@/core/ascii";
import type { EntryMembers, Slice } from "@/core/ingest/decode/entry-members";
import { memberAt } from "@/core/ingest/decode/json-members";
import { levelIndex } from "@/core/ingest/level";
import { inTimeZone } from "@/core/ingest/time-zone";
import { LEVELS } from "@/core/levels";
import { isTimeZone } from "@/core/zoned-time";
import { readNumberTime, readTime } from "./read-time";
import { renderTemplate } from "./render-template";
import { heldProperties, membersAsProperties } from "./template-properties";
import { withoutAnsi } from "./without-ansi";

// Functions that run for every entry hold no closures: made anew each time, they cost more than what they do.

/** OpenTelemetry's SeverityNumber (logs data model): four numbers a level from 1 on. */
const openTelemetryLevel = (number: number) => (number >= 1 && number <= 24 ? Math.floor((number - 1) / 4) : -1);
/** Python's logging: 10 debug, 20 info, 30 warning, 40 error, 50 critical; those between belong to the one below. */
const pythonLevel = (number: number) =>
  number >= 0 && number <= 100 ? Math.min(Math.floor(number / 10), LEVELS.length - 1) : -1;

/** @returns the level's index in LEVELS, -1 for what is none; the scale of a number is told by its name */
export function readLevel(reader: EntryMembers, slice: Slice): number {
  const { source } = reader;
  const quotes = source[slice.from] === QUOTE ? 1 : 0;
  const isSpecial = slice.known?.isSpecial === true;
  if (!isSpecial) {
    if (quotes === 0 && slice.known?.name === "severity") return readSeverity(reader, slice);
    const known = levelIndex(source, slice.from + quotes, slice.end - quotes);
    if (known >= 0 || quotes === 0) return known;
  }
  const text = withoutAnsi(quotes === 1 ? reader.text(slice) : source.toString("latin1", slice.from, slice.end)).trim();
  if (isSpecial) {
    const number = text === "" ? Number.NaN : Number(text);
    return slice.known?.name === "levelno" ? pythonLevel(number) : openTelemetryLevel(number);
  }
  const bytes = Buffer.from(text);
  return levelIndex(bytes, 0, bytes.length);
}

/** Numbers of OpenTelemetry that no other scale has: 8, 9, 11 to 19 and 21 to 24. */
const isOpenTelemetrysAlone = (number: number) => number >= 8 && number <= 24 && number !== 10 && number !== 20;

/**
 * A number called severity is syslog's or pino's; OpenTelemetry's is it beside a SeverityText, which counts first (its stdoutlog for Go),
 * or where no other scale has it.
 */
function readSeverity(reader: EntryMembers, slice: Slice): number {
  const text = reader.otherAt("SeverityText") ?? reader.otherAt("severity_text");
  const said: unknown = text === undefined ? "" : JSON.parse(text);
  if (typeof said === "string" && said !== "") {
    const bytes = Buffer.from(said.trim());
    const known = levelIndex(bytes, 0, bytes.length);
    if (known >= 0) return known;
  }
  const number = Number(reader.source.toString("latin1", slice.from, slice.end));
  if (text !== undefined || isOpenTelemetrysAlone(number)) return openTelemetryLevel(number);
  return levelIndex(reader.source, slice.from, slice.end);
}

/** @returns microseconds since 1970-01-01 UTC, NaN for what is no time */
export function readTimestamp(reader: EntryMembers, slice: Slice): number {
  const { source } = reader;
  if (reader.isString(slice)) {
    if (slice.known?.isSpecial) return readZonedTime(reader, slice);
    const micros = readTime(source, slice.from + 1, slice.end - 1);
    return Number.isNaN(micros) && slice.escaped ? readEscapedTime(reader, slice) : micros;
  }
  if (reader.isObject(slice)) return readTimeObject(source, slice);
  return readNumberTime(source, slice.from, slice.end);
}

/** Of Monolog 1, PHP's DateTime as JSON: without an offset, in the zone beside it, a name of the IANA database or an offset. */
function readZonedTime(reader: EntryMembers, slice: Slice): number {
  const local = reader.text(slice);
  const text = reader.otherAt("datetime.timezone");
  const zone: unknown = text === undefined ? undefined : JSON.parse(text);
  const zoned = typeof zone === "string" && LOCAL_TIME.test(local) ? withZone(local, zone) : local;
  const bytes = Buffer.from(zoned);
  return readTime(bytes, 0, bytes.length);
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/;
const OFFSET = /^[+-]\d\d:\d\d$/;

/** Twice what the longest name of the IANA database has: what is longer is none, and not worth keeping. */
const ZONE_CHARACTERS = 64;
/** Asking costs microseconds, and lines that come together have one. */
const zones = new LRUCache<string, boolean>({ max: 1_000 });

function withZone(local: string, zone: string): string {
  if (OFFSET.test(zone)) return local + zone;
  if (zone.length > ZONE_CHARACTERS) return `${local} ${zone}`;
  const isName = zones.get(zone) ?? isTimeZone(zone);
  zones.set(zone, isName);
  return isName ? inTimeZone(local.replace(" ", "T"), zone) : `${local} ${zone}`;
}

/** Such as `26\/Nov\/2026:15:00:00 +0000`, as PHP writes it. */
function readEscapedTime(reader: EntryMembers, slice: Slice): number {
  const bytes = Buffer.from(reader.text(slice));
  return readTime(bytes, 0, bytes.length);
}

/** Of Google Cloud and protobuf: {seconds, nanos}; of Log4j: {epochSecond, nanoOfSecond}. */
function readTimeObject(source: Buffer, { from, end }: Slice): number {
  const number = (path: string, otherPath: string) => {
    const found = memberAt(source, from, end, path) ?? memberAt(source, from, end, otherPath);
    const quotes = found && source[found.from] === QUOTE ? 1 : 0;
    return found ? Number(source.toString("latin1", found.from + quotes, found.end - quotes)) : Number.NaN;
  };
  const nanoseconds = number("nanos", "nanoOfSecond");
  return number("seconds", "epochSecond") * 1e6 + Math.floor((Number.isNaN(nanoseconds) ? 0 : nanoseconds) / 1e3);
}

/** The message of a line whose message is no plain string: a filled template, a number's text, or the line itself. */
export function unusualMessage(reader: EntryMembers, slice: Slice): string {
  if (slice.from < 0) return reader.entryText;
  if (!reader.isString(slice)) return reader.source.toString("utf8", slice.from, slice.end);
  const text = reader.text(slice);
  if (slice.known?.name === "log") return text.replace(/\r?\n$/, "");
  if (slice.known?.name === "@mt") return renderTemplate(text, membersAsProperties(reader));
  if (slice.known?.isTemplate) return renderTemplate(text, heldProperties(reader));
  return text;
}
