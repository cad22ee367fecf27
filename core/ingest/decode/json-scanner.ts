import { BACKSLASH, QUOTE } from "@/core/ascii";
import { findName } from "@/core/ingest/recognise/find-name";
import { LIMITS } from "@/core/limits";
import type { Places } from "./places";

const TOO_DEEP = `nested deeper than ${LIMITS.attributesDepth} levels`;

/** 1 for bytes that may stand in a JSON string as they are: no control character, no quote, no backslash. */
export const PLAIN = new Uint8Array(256).map((_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const SPACE = new Uint8Array(256).map((_, byte) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 ? 1 : 0,
);
const DIGIT = new Uint8Array(256).map((_, byte) => (byte >= 0x30 && byte <= 0x39 ? 1 : 0));

/** Value of a hexadecimal digit, -1 for any other byte (and for the undefined that lies past the end). */
function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/**
 * Walks over JSON text (RFC 8259) byte by byte and says where each value ends, without building it. Ingest copies the
 * slices that it finds straight into the rows, which is several times faster than JSON.parse and JSON.stringify, and
 * keeps numbers exactly as they were sent. Accepts what JSON.parse accepts (a property test compares them).
 *
 * Each scan returns the index after the value, or -1 with `reason` and `reasonAt` set. UTF-8 is not checked here.
 */
export class JsonScanner {
  source: Uint8Array = new Uint8Array();
  /** Exclusive. */
  end = 0;
  reason = "";
  reasonAt = 0;
  /** The scan failed only because the text ended: more bytes might complete it. */
  incomplete = false;
  /** The string last scanned holds a backslash, so its bytes are not its characters. */
  escaped = false;
  /** Index of the closing quote of the member's name last scanned. */
  nameEnd = 0;
  /** What PostgreSQL can't store was seen in a string since the last reset: an escaped NUL or half a surrogate pair. */
  unstorable = "";

  reset(source: Uint8Array, end: number): void {
    this.source = source;
    this.end = end;
    this.reason = "";
    this.incomplete = false;
    this.unstorable = "";
  }

  private fail(at: number, reason: string): -1 {
    this.reason = reason;
    this.reasonAt = at;
    this.incomplete = at >= this.end;
    return -1;
  }

  skipSpace(from: number): number {
    let at = from;
    while (at < this.end && SPACE[this.source[at] as number] === 1) at++;
    return at;
  }

  /** @param from index of the opening quote */
  scanString(from: number): number {
    const { source, end } = this;
    let at = from + 1;
    this.escaped = false;
    for (;;) {
      while (at < end && PLAIN[source[at] as number] === 1) at++;
      if (at >= end) return this.fail(end, "a string is not closed");
      const byte = source[at];
      if (byte === QUOTE) return at + 1;
      if (byte !== BACKSLASH) return this.fail(at, "a control character in a string must be escaped");
      this.escaped = true;
      at = this.scanEscape(at);
      if (at < 0) return -1;
    }
  }

  private scanEscape(from: number): number {
    const { source, end } = this;
    if (from + 1 >= end) return this.fail(end, "a string is not closed");
    switch (source[from + 1]) {
      case 0x22: // "
      case 0x5c: // backslash
      case 0x2f: // /
      case 0x62: // b
      case 0x66: // f
      case 0x6e: // n
      case 0x72: // r
      case 0x74: // t
        return from + 2;
      case 0x75: // u
        return this.scanUnicodeEscape(from);
      default:
        return this.fail(from, "an unknown escape in a string");
    }
  }

  private scanUnicodeEscape(from: number): number {
    const unit = this.codeUnit(from);
    if (unit < 0) return -1;
    if (unit === 0) this.unstorable = "the NUL character";
    if (unit >= 0xdc00 && unit <= 0xdfff) this.unstorable = "half a surrogate pair";
    if (unit < 0xd800 || unit > 0xdbff) return from + 6;
    if (this.source[from + 6] === BACKSLASH && this.source[from + 7] === 0x75 && from + 7 < this.end) {
      const low = this.codeUnit(from + 6);
      if (low < 0) return -1;
      if (low >= 0xdc00 && low <= 0xdfff) return from + 12;
    }
    this.unstorable = "half a surrogate pair";
    return from + 6;
  }

  private codeUnit(from: number): number {
    let unit = 0;
    for (let at = from + 2; at < from + 6; at++) {
      if (at >= this.end) return this.fail(this.end, "a string is not closed");
      const digit = hexValue(this.source[at]);
      if (digit < 0) return this.fail(from, "\\u must be followed by four hexadecimal digits");
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** @param depth of the value: 0 for the outermost */
  scanValue(from: number, depth: number): number {
    if (from >= this.end) return this.fail(this.end, "the text ends where a value should be");
    switch (this.source[from]) {
      case QUOTE:
        return this.scanString(from);
      case 0x7b: // {
        return this.scanObject(from, depth);
      case 0x5b: // [
        return this.scanArray(from, depth);
      case 0x74: // t
        return this.scanWord(from, "true");
      case 0x66: // f
        return this.scanWord(from, "false");
      case 0x6e: // n
        return this.scanWord(from, "null");
      default:
        return this.scanNumber(from);
    }
  }

  private scanObject(from: number, depth: number): number {
    if (depth >= LIMITS.attributesDepth) return this.fail(from, TOO_DEEP);
    let at = this.skipSpace(from + 1);
    if (this.source[at] === 0x7d && at < this.end) return at + 1;
    for (;;) {
      at = this.scanMemberKey(at);
      if (at < 0) return -1;
      at = this.scanValue(at, depth + 1);
      if (at < 0) return -1;
      at = this.skipSpace(at);
      if (at >= this.end) return this.fail(this.end, "an object is not closed");
      if (this.source[at] === 0x7d) return at + 1;
      if (this.source[at] !== 0x2c) return this.fail(at, 'a "," or "}" is missing');
      at = this.skipSpace(at + 1);
    }
  }

  /** Over an object, of whose members the places are noted; over any other value, of which there are none. */
  scanMembers(from: number, places: Places, depth = 0): number {
    places.clear();
    const { source, end } = this;
    if (source[from] !== 0x7b || from >= end) return this.scanValue(from, depth);
    if (depth >= LIMITS.attributesDepth) return this.fail(from, TOO_DEEP);
    let at = this.skipSpace(from + 1);
    if (source[at] === 0x7d && at < end) return at + 1;
    for (;;) {
      const valueAt = this.scanMemberKey(at);
      if (valueAt < 0) return -1;
      const { nameEnd, escaped: isNameEscaped } = this;
      const valueEnd = this.scanValue(valueAt, depth + 1);
      if (valueEnd < 0) return -1;
      const isEscaped = source[valueAt] === QUOTE && this.escaped;
      if (isNameEscaped) places.addEscaped(source, at, nameEnd, valueAt, valueEnd, isEscaped);
      else places.add(at, nameEnd, valueAt, valueEnd, isEscaped, findName(source, at + 1, nameEnd));
      at = this.skipSpace(valueEnd);
      if (at >= end) return this.fail(end, "an object is not closed");
      if (source[at] === 0x7d) return at + 1;
      if (source[at] !== 0x2c) return this.fail(at, 'a "," or "}" is missing');
      at = this.skipSpace(at + 1);
    }
  }

  /** Over an array, of whose elements the places are noted; over any other value, of which there are none. */
  scanElements(from: number, places: Places, depth = 0): number {
    places.clear();
    const { source, end } = this;
    if (source[from] !== 0x5b || from >= end) return this.scanValue(from, depth);
    if (depth >= LIMITS.attributesDepth) return this.fail(from, TOO_DEEP);
    let at = this.skipSpace(from + 1);
    if (source[at] === 0x5d && at < end) return at + 1;
    for (;;) {
      const valueEnd = this.scanValue(at, depth + 1);
      if (valueEnd < 0) return -1;
      places.add(-1, -1, at, valueEnd, source[at] === QUOTE && this.escaped, null);
      at = this.skipSpace(valueEnd);
      if (at >= end) return this.fail(end, "an array is not closed");
      if (source[at] === 0x5d) return at + 1;
      if (source[at] !== 0x2c) return this.fail(at, 'a "," or "]" is missing');
      at = this.skipSpace(at + 1);
    }
  }

  /** Over `"key" :` and the space around; returns where the value starts. */
  scanMemberKey(from: number): number {
    if (from >= this.end) return this.fail(this.end, "an object is not closed");
    if (this.source[from] !== QUOTE) return this.fail(from, "a member's name in quotes is missing");
    const afterKey = this.scanString(from);
    if (afterKey < 0) return -1;
    this.nameEnd = afterKey - 1;
    const colon = this.skipSpace(afterKey);
    if (colon >= this.end) return this.fail(this.end, "an object is not closed");
    if (this.source[colon] !== 0x3a) return this.fail(colon, 'a ":" is missing');
    return this.skipSpace(colon + 1);
  }

  private scanArray(from: number, depth: number): number {
    if (depth >= LIMITS.attributesDepth) return this.fail(from, TOO_DEEP);
    let at = this.skipSpace(from + 1);
    if (this.source[at] === 0x5d && at < this.end) return at + 1;
    for (;;) {
      at = this.scanValue(at, depth + 1);
      if (at < 0) return -1;
      at = this.skipSpace(at);
      if (at >= this.end) return this.fail(this.end, "an array is not closed");
      if (this.source[at] === 0x5d) return at + 1;
      if (this.source[at] !== 0x2c) return this.fail(at, 'a "," or "]" is missing');
      at = this.skipSpace(at + 1);
    }
  }

  private scanWord(from: number, word: string): number {
    for (let index = 0; index < word.length; index++) {
      if (from + index >= this.end) return this.fail(this.end, "the text ends within a value");
      if (this.source[from + index] !== word.charCodeAt(index)) return this.fail(from, "not a JSON value");
    }
    return from + word.length;
  }

  /** A number that reaches the end of the text may go on in the next bytes; callers that get text in pieces ask `end`. */
  private scanNumber(from: number): number {
    const { source, end } = this;
    let at = from;
    if (source[at] === 0x2d) at++;
    if (at >= end) return this.fail(end, "a number is not complete");
    if (source[at] === 0x30) at++;
    else {
      const digits = this.skipDigits(at);
      if (digits === at) return this.fail(from, "not a JSON value");
      at = digits;
    }
    if (source[at] === 0x2e && at < end) {
      const digits = this.skipDigits(at + 1);
      if (digits === at + 1) return this.fail(digits, "a digit is missing after the decimal point");
      at = digits;
    }
    if (at < end && ((source[at] as number) | 0x20) === 0x65) {
      at++;
      if (at < end && (source[at] === 0x2b || source[at] === 0x2d)) at++;
      const digits = this.skipDigits(at);
      if (digits === at) return this.fail(digits, "a digit is missing in the exponent");
      at = digits;
    }
    return at;
  }

  private skipDigits(from: number): number {
    let at = from;
    while (at < this.end && DIGIT[this.source[at] as number] === 1) at++;
    return at;
  }
}
