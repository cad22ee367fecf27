import { CLOSE_BRACE, HYPHEN, NINE, QUOTE, ZERO } from "@/core/ascii";
import type { JsonWalker } from "@/core/ingest/decode/json-walker";
import type { EntryText } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import type { LogRecord } from "./log-record";

const KEY = Buffer.from("key");
const VALUE = Buffer.from("value");
const VALUES = Buffer.from("values");
const ARRAY = Buffer.from("arrayValue");
const LIST = Buffer.from("kvlistValue");
const INTEGER = Buffer.from("intValue");
const OTHER_KINDS = ["stringValue", "boolValue", "doubleValue", "bytesValue"].map((name) => Buffer.from(name));
const NULL = "null";
const NULL_BYTE = 0x6e;
const BEFORE_KEY = Buffer.from('{"key":"');
const BEFORE_VALUE = Buffer.from(',"value":{"');
const USUAL_INTEGER = Buffer.from('intValue":');
const USUAL_TEXT = Buffer.from('stringValue":');
const USUAL_DOUBLE = Buffer.from('doubleValue":');
const USUAL_BOOLEAN = Buffer.from('boolValue":');

/** Writes an array of KeyValues as members of the object that is open. */
export function addAttributes(walker: JsonWalker, text: EntryText): void {
  if (walker.enterArray())
    while (walker.nextElement()) if (!addUsual(walker, text, null)) addAttribute(walker, text, null);
}

/** The same of a record's own. */
export function addRecordAttributes(walker: JsonWalker, record: LogRecord): void {
  const { attributes } = record;
  if (walker.enterArray())
    while (walker.nextElement()) if (!addUsual(walker, attributes, record)) addAttribute(walker, attributes, record);
}

/**
 * Writes an attribute that stands as encoders write nearly all of them, `{"key":"a","value":{"stringValue":"b"}}`: without a walk over its
 * members.
 * @returns false for any other, of which nothing is read
 */
function addUsual(walker: JsonWalker, text: EntryText, record: LogRecord | null): boolean {
  const { body, scanner } = walker;
  const keyFrom = walker.at + BEFORE_KEY.length;
  if (!standsAt(body, walker.at, BEFORE_KEY)) return false;
  const keyEnd = scanner.scanString(keyFrom - 1);
  if (keyEnd < 0 || scanner.escaped || !standsAt(body, keyEnd, BEFORE_VALUE)) return false;
  const kind = usualKind(body[keyEnd + BEFORE_VALUE.length]);
  if (!standsAt(body, keyEnd + BEFORE_VALUE.length, kind)) return false;
  const from = keyEnd + BEFORE_VALUE.length + kind.length;
  const end = scanner.scanValue(from, LIMITS.attributesDepth);
  if (end < 0 || body[end] !== CLOSE_BRACE || body[end + 1] !== CLOSE_BRACE || body[from] === NULL_BYTE) return false;
  const isEscaped = body[from] === QUOTE && scanner.escaped;
  text.namedByBytes(body, keyFrom, keyEnd - 1);
  record?.named(body, keyFrom, keyEnd - 1);
  if (kind === USUAL_INTEGER && isQuotedInteger(body, from, end)) text.value(body, from + 1, end - 1);
  else text.value(body, from, end, isEscaped);
  walker.at = end + 2;
  return true;
}

/** What a value that is usual is called, by the first letter. */
function usualKind(letter: number | undefined): Buffer {
  if (letter === USUAL_TEXT[0]) return USUAL_TEXT;
  if (letter === USUAL_INTEGER[0]) return USUAL_INTEGER;
  return letter === USUAL_DOUBLE[0] ? USUAL_DOUBLE : USUAL_BOOLEAN;
}

function standsAt(body: Buffer, from: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at++) if (body[from + at] !== text[at]) return false;
  return true;
}

function addAttribute(walker: JsonWalker, text: EntryText, record: LogRecord | null): void {
  // The value may stand before the key.
  let value = -1;
  let hasKey = false;
  let isWritten = false;
  if (!walker.enterObject()) return;
  while (walker.nextMember()) {
    if (walker.isNamed(KEY) && walker.isText && !hasKey) {
      nameBy(walker, text, record);
      hasKey = true;
    } else if (!walker.isNamed(VALUE) || isWritten) walker.skip();
    else if (hasKey) {
      addValue(walker, text);
      isWritten = true;
    } else value = walker.skip();
  }
  if (!hasKey || isWritten) return;
  if (value < 0) text.plain(NULL);
  else walker.revisit(value, () => addValue(walker, text));
}

function nameBy(walker: JsonWalker, text: EntryText, record: LogRecord | null): void {
  const { body } = walker;
  const from = walker.skip();
  if (walker.scanner.escaped) {
    text.namedBy(walker.textFrom(from));
    if (record) record.mayClash = true;
    return;
  }
  record?.named(body, from + 1, walker.at - 1);
  text.namedByBytes(body, from + 1, walker.at - 1);
}

/** Of an AnyValue; one without anything is null. Digits in quotes, as 64-bit integers are written, become the number. */
export function addValue(walker: JsonWalker, text: EntryText): void {
  let isWritten = false;
  if (walker.enterObject()) {
    while (walker.nextMember()) {
      if (isWritten) walker.skip();
      else isWritten = addKind(walker, text);
    }
  }
  if (!isWritten) text.plain(NULL);
}

/** @returns false for a member that is no kind of value */
function addKind(walker: JsonWalker, text: EntryText): boolean {
  if (walker.isNamed(ARRAY)) {
    text.openArray();
    if (walker.enterObject()) {
      while (walker.nextMember()) {
        if (!walker.isNamed(VALUES)) walker.skip();
        else if (walker.enterArray()) while (walker.nextElement()) addValue(walker, text.element());
      }
    }
    text.closeArray();
    return true;
  }
  if (walker.isNamed(LIST)) {
    text.open();
    if (walker.enterObject()) {
      while (walker.nextMember()) {
        if (walker.isNamed(VALUES)) addAttributes(walker, text);
        else walker.skip();
      }
    }
    text.close();
    return true;
  }
  const isInteger = walker.isNamed(INTEGER);
  if (!isInteger && !OTHER_KINDS.some((kind) => walker.isNamed(kind))) {
    walker.skip();
    return false;
  }
  const { body } = walker;
  const from = walker.skip();
  const end = walker.at;
  if (isInteger && isQuotedInteger(body, from, end)) text.value(body, from + 1, end - 1);
  else text.value(body, from, end, body[from] === QUOTE && walker.scanner.escaped);
  return true;
}

/** Without zeros before it, which a number of JSON can't have. */
function isQuotedInteger(source: Buffer, from: number, end: number): boolean {
  if (source[from] !== QUOTE) return false;
  let at = from + 1;
  if (source[at] === HYPHEN) at++;
  const first = at;
  while ((source[at] as number) >= ZERO && (source[at] as number) <= NINE) at++;
  return at > first && at === end - 1 && (source[first] !== ZERO || at === first + 1);
}
