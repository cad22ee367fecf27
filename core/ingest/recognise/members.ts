import type { EntryMembers, Slice } from "@/core/ingest/decode/entry-members";
import { memberAt } from "@/core/ingest/decode/json-members";
import { levelIndex } from "@/core/ingest/level";
import { LEVELS } from "@/core/levels";
import { readNumberTime, readTime } from "./read-time";
import { renderTemplate } from "./render-template";
import { withoutAnsi } from "./without-ansi";

// Functions that run for every entry hold no closures: made anew each time, they cost more than what they do.

const QUOTE = 0x22;

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

/** @returns microseconds since 1970-01-01 UTC, NaN for what is no time */
export function readTimestamp(reader: EntryMembers, slice: Slice): number {
  const { source } = reader;
  if (reader.isString(slice)) {
    const micros = readTime(source, slice.from + 1, slice.end - 1);
    return Number.isNaN(micros) && slice.escaped ? readEscapedTime(reader, slice) : micros;
  }
  if (reader.isObject(slice)) return readTimeObject(source, slice);
  return readNumberTime(source, slice.from, slice.end);
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
  if (slice.known?.name === "@mt") return renderTemplate(text, (name) => reader.otherText(name));
  return text;
}
