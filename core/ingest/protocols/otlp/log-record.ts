import type { EntrySink } from "@/core/ingest/decode/decoder";
import type { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { LEVELS } from "@/core/levels";

const NAMES = {
  attributes: memberName("attributes"),
  traceId: memberName("trace_id"),
  spanId: memberName("span_id"),
  eventName: memberName("event_name"),
  severityText: memberName("severity_text"),
  severityNumber: memberName("severity_number"),
  timestamp: memberName("timestamp"),
  message: memberName("message"),
};
const LEVEL = memberName("level");

const QUOTE = 0x22;
const isTime = (nanos: string) => nanos !== "" && nanos !== "0";
/** As JSON writes numbers: without zeros before them. */
const INTEGER = /^[1-9]\d{0,19}$/;
const DIGITS = /^\d{1,20}$/;
const HEXADECIMAL = /^[0-9a-f]+$/i;

/**
 * A LogRecord of either encoding (OpenTelemetry, opentelemetry/proto/logs/v1/logs.proto), filled anew for each. Texts that are absent are
 * empty.
 */
export class LogRecord {
  /** Nanoseconds since 1970-01-01 UTC as digits, "0" or empty for none. */
  time = "";
  observed = "";
  severityNumber = 0;
  severityText = "";
  /** Hexadecimal. */
  traceId = "";
  spanId = "";
  eventName = "";
  /** JSON text; empty for none. */
  readonly body = new EntryText();
  /** JSON text of an object that is not closed yet. */
  readonly attributes = new EntryText();
  private readonly text = new EntryText();

  begin(): void {
    this.time = "";
    this.observed = "";
    this.severityNumber = 0;
    this.severityText = "";
    this.traceId = "";
    this.spanId = "";
    this.eventName = "";
    this.body.clear();
    this.attributes.clear().open();
  }

  /**
   * Hands the record on as an entry.
   * @param shared members of resource and scope, without braces
   * @param scanner which has scanned what of it was JSON already
   */
  end(shared: EntryText, sink: EntrySink, scanner?: JsonScanner): void {
    const { text, attributes, traceId, spanId, eventName, body } = this;
    attributes.close();
    text.begin().shared(shared);
    if (attributes.size > 2) text.name(NAMES.attributes).valueOf(attributes);
    if (HEXADECIMAL.test(traceId)) text.text(NAMES.traceId, traceId);
    if (HEXADECIMAL.test(spanId)) text.text(NAMES.spanId, spanId);
    if (eventName !== "") text.text(NAMES.eventName, eventName);
    this.writeLevel();
    const time = isTime(this.time) ? this.time : this.observed;
    if (isTime(time)) text.name(NAMES.timestamp);
    if (INTEGER.test(time)) text.plain(time);
    else if (isTime(time)) text.string(DIGITS.test(time) ? time : "?");
    text.name(NAMES.message);
    // What is no text goes on as its JSON text, which is opened as a wrapped line is.
    if (body.size === 0) text.string(eventName);
    else if (body.firstByte === QUOTE) text.valueOf(body);
    else text.string(body.bytes);
    text.end(sink, scanner);
  }

  /** The number says the level, four numbers each from 1 on; the text is kept when it says more than the level's name. */
  private writeLevel(): void {
    const { text, severityNumber: number, severityText: name } = this;
    const level = number >= 1 && number <= 24 ? LEVELS[Math.floor((number - 1) / 4)] : undefined;
    if (level === undefined) {
      if (name !== "") text.text(NAMES.severityText, name);
      return;
    }
    text.text(LEVEL, level);
    if ((number - 1) % 4 !== 0) text.name(NAMES.severityNumber).plain(String(number));
    if (name !== "" && !level.startsWith(name.toLowerCase())) text.text(NAMES.severityText, name);
  }
}
