import type { EntryReader, Slice } from "@/core/ingest/decode/entry-reader";
import { levelIndex } from "@/core/ingest/level";
import { LEVELS } from "@/core/levels";
import { NESTED } from "./names";
import { readNumericTime, readTime } from "./read-time";
import { renderTemplate } from "./render-template";

/** OpenTelemetry's SeverityNumber (logs data model): four numbers a level from 1 on. */
const openTelemetryLevel = (number: number) => (number >= 1 && number <= 24 ? Math.floor((number - 1) / 4) : -1);
/** Python's logging: 10 debug, 20 info, 30 warning, 40 error, 50 critical; those between belong to the one below. */
const pythonLevel = (number: number) =>
  number >= 0 && Number.isFinite(number) ? Math.min(Math.floor(number / 10), LEVELS.length - 1) : -1;

/** @returns the level's index in LEVELS, -1 for what is none; the scale of a number is told by its name */
export function readLevel(reader: EntryReader, slice: Slice): number {
  const { source } = reader;
  const quotes = reader.isString(slice) ? 1 : 0;
  const text = () => source.toString("utf8", slice.from + quotes, slice.end - quotes);
  const name = slice.known?.name;
  if (name === "levelno") return pythonLevel(Number(text()));
  if (name === "severitynumber" || name === "severity_number") return openTelemetryLevel(Number(text()));
  const known = levelIndex(source, slice.from + quotes, slice.end - quotes);
  if (known >= 0 || quotes === 0) return known;
  const trimmed = Buffer.from(reader.text(slice).trim());
  return levelIndex(trimmed, 0, trimmed.length);
}

/** @returns microseconds since 1970-01-01 UTC, NaN for what is no time */
export function readTimestamp(reader: EntryReader, slice: Slice): number {
  const { source } = reader;
  if (reader.isString(slice)) return readTime(source, slice.from + 1, slice.end - 1);
  if (!reader.isObject(slice)) return readNumericTime(source.toString("latin1", slice.from, slice.end));
  const number = (...names: string[]) => {
    for (const name of names) {
      const found = reader.memberOf(slice.from, slice.end, name);
      if (found) return Number(source.toString("latin1", found.from, found.end));
    }
    return Number.NaN;
  };
  const nanoseconds = number("nanos", "nanoOfSecond");
  const seconds = number("seconds", "epochSecond");
  return seconds * 1e6 + Math.floor((Number.isNaN(nanoseconds) ? 0 : nanoseconds) / 1e3);
}

/** The member where it stands a level deeper, in the order of NESTED; null when it is nowhere. */
export function findNested(reader: EntryReader, member: keyof typeof NESTED): Slice | null {
  for (const [holder, name] of NESTED[member]) {
    const outer = reader.other(holder);
    const found = outer ? reader.memberOf(outer.from, outer.end, name) : null;
    if (found && reader.isString(found)) return found;
  }
  return null;
}

/** The message of a line whose message is no plain string: a filled template, a number's text, or the line itself. */
export function unusualMessage(reader: EntryReader, slice: Slice | null): string {
  const { source } = reader;
  if (!slice) return source.toString("utf8", reader.from, reader.scanner.end);
  if (!reader.isString(slice)) return source.toString("utf8", slice.from, slice.end);
  const text = reader.text(slice);
  if (slice.known?.name === "log") return text.replace(/\r?\n$/, "");
  if (slice.known?.name !== "@mt") return text;
  return renderTemplate(text, (name) => {
    const value = reader.other(name);
    return value ? source.toString("utf8", value.from, value.end) : undefined;
  });
}
