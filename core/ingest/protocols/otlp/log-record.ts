import { isDigit, QUOTE, ZERO } from "@/core/ascii";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import type { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { EntryText, type MemberName, memberName } from "@/core/ingest/protocols/entry-text";
import { LEVELS } from "@/core/levels";

const NAMES = {
  attributes: memberName("attributes"),
  traceId: memberName("trace_id"),
  spanId: memberName("span_id"),
  eventName: memberName("event_name"),
  severityText: memberName("severity_text"),
  severityNumber: memberName("severity_number"),
  flags: memberName("flags"),
  dropped: memberName("dropped_attributes_count"),
  observed: memberName("observed_timestamp"),
  timestamp: memberName("timestamp"),
  message: memberName("message"),
};
const LEVEL = memberName("level");

/** As a number of 64 bits has at the most. */
const MOST_DIGITS = 20;

/** Names beside attributes are short words; a name like one of them might be there twice. */
const OWN = new Set([
  "resource",
  "scope",
  // These two where the sender names others in their place.
  "service",
  "level",
  ...Object.values(NAMES).map(({ bytes }) => bytes.toString("latin1").slice(1, -2)),
]);
const OWN_LENGTHS = new Uint8Array(256);
for (const name of OWN) OWN_LENGTHS[name.length] = 1;

/**
 * A LogRecord of either encoding (OpenTelemetry, opentelemetry/proto/logs/v1/logs.proto), filled anew for each. Texts are in UTF-8, without
 * quotes or escapes; those that are absent are empty.
 */
export class LogRecord {
  /** Nanoseconds since 1970-01-01 UTC as digits, "0" or empty for none. */
  readonly time = new EntryText();
  readonly observed = new EntryText();
  /** Digits, "0" or empty for none. */
  readonly flags = new EntryText();
  readonly dropped = new EntryText();
  severityNumber = 0;
  readonly severityText = new EntryText();
  /** Hexadecimal. */
  readonly traceId = new EntryText();
  readonly spanId = new EntryText();
  readonly eventName = new EntryText();
  /** JSON text; empty for none. */
  readonly body = new EntryText();
  /** JSON text of an object that is not closed yet. */
  readonly attributes = new EntryText();
  /** An attribute may have the name of what stands beside them. */
  mayClash = false;
  private readonly text = new EntryText();

  begin(): void {
    this.time.clear();
    this.observed.clear();
    this.flags.clear();
    this.dropped.clear();
    this.severityNumber = 0;
    this.severityText.clear();
    this.traceId.clear();
    this.spanId.clear();
    this.eventName.clear();
    this.body.clear();
    this.attributes.clear().open();
    this.mayClash = false;
  }

  /** Has to be told of the name of each attribute. */
  named(source: Buffer, from: number, end: number): void {
    if (OWN_LENGTHS[end - from] === 1 && OWN.has(source.toString("latin1", from, end))) this.mayClash = true;
  }

  /**
   * Hands the record on as an entry.
   * @param shared members of resource and scope, without braces
   * @param scanner which has scanned what of it was JSON already
   */
  end(shared: EntryText, sink: EntrySink, scanner?: JsonScanner): void {
    const { text, attributes, traceId, spanId, eventName, body, time, observed } = this;
    const hasTime = isCounted(time);
    attributes.close();
    text.beginWith(shared);
    if (attributes.size > 2) text.name(NAMES.attributes).valueOf(attributes);
    if (isHexadecimal(traceId)) text.textOf(NAMES.traceId, traceId);
    if (isHexadecimal(spanId)) text.textOf(NAMES.spanId, spanId);
    if (eventName.size > 0) text.textOf(NAMES.eventName, eventName);
    this.writeCount(NAMES.flags, this.flags);
    this.writeCount(NAMES.dropped, this.dropped);
    if (hasTime && isCounted(observed) && !isSame(observed, time)) text.textOf(NAMES.observed, observed);
    this.writeLevel();
    this.writeTime(hasTime ? time : observed);
    // What is no text goes on as its JSON text, which is opened as a wrapped line is.
    if (body.size === 0) text.textOf(NAMES.message, eventName);
    else if (body.firstByte === QUOTE) text.name(NAMES.message).valueOf(body);
    else text.textOf(NAMES.message, body);
    text.end(sink, scanner, !this.mayClash);
  }

  /** What is no number goes on as the text that it is. */
  private writeCount(name: MemberName, count: EntryText): void {
    if (!isCounted(count)) return;
    if (isNumber(count)) this.text.name(name).valueOf(count);
    else this.text.textOf(name, count);
  }

  private writeTime(time: EntryText): void {
    if (!isCounted(time)) return;
    const areDigits = time.size <= MOST_DIGITS && areAll(time, isDigit);
    if (areDigits && isNumber(time)) this.text.name(NAMES.timestamp).valueOf(time);
    else if (areDigits) this.text.textOf(NAMES.timestamp, time);
    else this.text.text(NAMES.timestamp, "?");
  }

  /** The number says the level, four numbers each from 1 on; the text is kept when it says more than the level's name. */
  private writeLevel(): void {
    const { text, severityNumber: number, severityText: name } = this;
    const level = number >= 1 && number <= 24 ? LEVEL_NAMES[Math.floor((number - 1) / 4)] : undefined;
    if (level === undefined) {
      if (name.size > 0) text.textOf(NAMES.severityText, name);
      return;
    }
    text.text(LEVEL, level);
    if ((number - 1) % 4 !== 0) text.name(NAMES.severityNumber).digits(number);
    if (!isBeginningOf(level, name)) text.textOf(NAMES.severityText, name);
  }
}

const LEVEL_NAMES = LEVELS.map((level) => Buffer.from(level));

const isCounted = (digits: EntryText) => digits.size > 1 || (digits.size === 1 && digits.firstByte !== ZERO);
/** As JSON writes numbers: without zeros before them. */
const isNumber = (text: EntryText) => text.firstByte !== ZERO && text.size <= MOST_DIGITS && areAll(text, isDigit);
const isHexDigit = (byte: number) => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
const isHexadecimal = (text: EntryText) => text.size > 0 && areAll(text, isHexDigit);

function areAll(text: EntryText, is: (byte: number) => boolean): boolean {
  for (let at = 0; at < text.size; at++) if (!is(text.byteAt(at))) return false;
  return true;
}

function isSame(text: EntryText, other: EntryText): boolean {
  if (text.size !== other.size) return false;
  for (let at = 0; at < text.size; at++) if (text.byteAt(at) !== other.byteAt(at)) return false;
  return true;
}

/** In any case of letters. */
function isBeginningOf(level: Buffer, name: EntryText): boolean {
  if (name.size > level.length) return false;
  for (let at = 0; at < name.size; at++) if ((name.byteAt(at) | 0x20) !== level[at]) return false;
  return true;
}
