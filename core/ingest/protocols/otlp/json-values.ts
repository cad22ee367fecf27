import type { JsonWalker } from "@/core/ingest/decode/json-walker";
import type { EntryText } from "@/core/ingest/protocols/entry-text";

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const KEY = Buffer.from("key");
const VALUE = Buffer.from("value");
const VALUES = Buffer.from("values");
const ARRAY = Buffer.from("arrayValue");
const LIST = Buffer.from("kvlistValue");
const INTEGER = Buffer.from("intValue");
const OTHER_KINDS = ["stringValue", "boolValue", "doubleValue", "bytesValue"].map((name) => Buffer.from(name));
const NULL = "null";

/** Writes an array of KeyValues as members of the object that is open. */
export function addAttributes(walker: JsonWalker, text: EntryText): void {
  if (walker.enterArray()) while (walker.nextElement()) addAttribute(walker, text);
}

function addAttribute(walker: JsonWalker, text: EntryText): void {
  // The value may stand before the key.
  let value = -1;
  let hasKey = false;
  let isWritten = false;
  if (!walker.enterObject()) return;
  while (walker.nextMember()) {
    if (walker.isNamed(KEY) && walker.isText && !hasKey) {
      nameBy(walker, text);
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

function nameBy(walker: JsonWalker, text: EntryText): void {
  const { body } = walker;
  const from = walker.skip();
  if (walker.scanner.escaped) text.namedBy(String(JSON.parse(body.toString("utf8", from, walker.at))));
  else text.namedByBytes(body, from + 1, walker.at - 1);
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
  if (source[at] === MINUS) at++;
  const first = at;
  while ((source[at] as number) >= ZERO && (source[at] as number) <= NINE) at++;
  return at > first && at === end - 1 && (source[first] !== ZERO || at === first + 1);
}
