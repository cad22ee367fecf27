import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { LEVELS } from "@/core/levels";

const NAMES = {
  attributes: memberName("attributes"),
  traceId: memberName("trace_id"),
  spanId: memberName("span_id"),
  eventName: memberName("event_name"),
  severityText: memberName("severity_text"),
  severityNumber: memberName("severity_number"),
  level: memberName("level"),
  timestamp: memberName("timestamp"),
  message: memberName("message"),
};

/** A LogRecord of either encoding (OpenTelemetry, opentelemetry/proto/logs/v1/logs.proto). Texts that are absent are empty. */
export type LogRecord = {
  /** Nanoseconds since 1970-01-01 UTC as digits, "0" or empty for none. */
  time: string;
  observed: string;
  severityNumber: number;
  severityText: string;
  /** JSON text; null for none. */
  body: Buffer | null;
  /** JSON text of an object. */
  attributes: Buffer;
  /** Hexadecimal. */
  traceId: string;
  spanId: string;
  eventName: string;
};

const QUOTE = 0x22;
const isTime = (nanos: string) => nanos !== "" && nanos !== "0";
const HEXADECIMAL = /^[0-9a-f]+$/i;

/** @param shared members of resource and scope, as JSON text without braces */
export function writeRecord(record: LogRecord, shared: Buffer, text: EntryText, sink: EntrySink): void {
  const { attributes, traceId, spanId, eventName, severityNumber, severityText, body } = record;
  text.begin().members(shared);
  if (attributes.length > 2) text.json(NAMES.attributes, attributes);
  if (HEXADECIMAL.test(traceId)) text.text(NAMES.traceId, traceId);
  if (HEXADECIMAL.test(spanId)) text.text(NAMES.spanId, spanId);
  if (eventName !== "") text.text(NAMES.eventName, eventName);
  writeLevel(severityNumber, severityText, text);
  const time = isTime(record.time) ? record.time : record.observed;
  if (isTime(time)) text.name(NAMES.timestamp).plain(/^\d{1,20}$/.test(time) ? time : '"?"');
  // What is no text goes on as its JSON text, which is opened as a wrapped line is.
  if (body) text.name(NAMES.message);
  if (body?.[0] === QUOTE) text.value(body).end(sink);
  else if (body) text.string(body).end(sink);
  else text.text(NAMES.message, eventName).end(sink);
}

/** The number says the level, four numbers each from 1 on; the text is kept when it says more than the level's name. */
function writeLevel(number: number, name: string, text: EntryText): void {
  const level = number >= 1 && number <= 24 ? LEVELS[Math.floor((number - 1) / 4)] : undefined;
  if (level === undefined) {
    if (name !== "") text.text(NAMES.severityText, name);
    return;
  }
  text.text(NAMES.level, level);
  if ((number - 1) % 4 !== 0) text.name(NAMES.severityNumber).plain(String(number));
  if (name !== "" && !level.startsWith(name.toLowerCase())) text.text(NAMES.severityText, name);
}
