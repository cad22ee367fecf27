import { isUtf8 } from "node:buffer";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  ZERO,
} from "@/core/ascii";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type JsonScanner, PLAIN } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { findName, type KnownName } from "@/core/ingest/recognise/find-name";
import { LIMITS } from "@/core/limits";
import { withoutUnstorable } from "./without-unstorable";

const LEAST_CONTROL = 0x20;
const LAST_ASCII = 0x7f;
const HEXADECIMAL = Buffer.from("0123456789abcdef");
const FIRST_BYTES = 1024;
/** Bytes up to which copying one by one costs less than a call. */
const SMALL_COPY = 100;
/** An escaped byte takes six at the most: \u001f. */
const MOST_ESCAPED = 6;

/** A member's name as it stands before its value, `"trace_id":`, with what it says of an entry. */
export type MemberName = { bytes: Buffer; known: KnownName | null };

/** For names that need no escapes. */
export function memberName(name: string): MemberName {
  const bytes = Buffer.from(name);
  return { bytes: Buffer.from(`"${name}":`), known: findName(bytes, 0, bytes.length) };
}

/**
 * Writes the JSON text of one entry after the other into the same bytes: how every protocol hands on what its wire says, so that
 * names, levels, times and limits are read at one place for all. What is JSON already is copied as it stands. Where the members stand is
 * noted meanwhile, so that the text is never scanned again.
 */
export class EntryText {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;
  private readonly places = new Places();
  /** How many objects and arrays are open, and in how many of them the members stand that are noted. */
  private level = 0;
  private top = 0;
  /** The end of the member that was noted last is not. */
  private isOpen = false;
  /** A backslash was written since its beginning. */
  private isEscaped = false;
  /** What was written may not be storable, or be refused by who scans it. */
  private isDoubtful = false;
  /** What the text has begun with since it was cleared. */
  private beginning: { shared: EntryText | null; length: number; count: number; isDoubtful: boolean } = {
    shared: null,
    length: 0,
    count: 0,
    isDoubtful: false,
  };

  get size(): number {
    return this.length;
  }

  get firstByte(): number | undefined {
    return this.length > 0 ? this.buffer[0] : undefined;
  }

  byteAt(at: number): number {
    return this.buffer[at] as number;
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Starts a new text, an object. */
  begin(): this {
    this.clear();
    this.top = 1;
    return this.open();
  }

  /**
   * Starts a new text with the members that another one holds without braces: what comes together mostly has the same, which then stand
   * there still.
   * @param shared must not change any more
   */
  beginWith(shared: EntryText): this {
    const { length, count, isDoubtful } = this.beginning;
    if (this.beginning.shared !== shared) {
      this.begin().shared(shared);
      this.beginning = { shared, length: this.length, count: this.places.count, isDoubtful: this.isDoubtful };
      return this;
    }
    this.places.clear();
    this.places.count = count;
    this.length = length;
    this.level = 1;
    this.isOpen = false;
    this.isDoubtful = isDoubtful;
    return this;
  }

  /** Starts anew with nothing, for members without braces or a value. */
  clear(): this {
    this.beginning.shared = null;
    this.length = 0;
    this.level = 0;
    this.top = 0;
    this.isOpen = false;
    this.isEscaped = false;
    this.isDoubtful = false;
    this.places.clear();
    return this;
  }

  open(): this {
    return this.enter(OPEN_BRACE);
  }

  close(): this {
    return this.leave(CLOSE_BRACE);
  }

  openArray(): this {
    return this.enter(OPEN_BRACKET);
  }

  closeArray(): this {
    return this.leave(CLOSE_BRACKET);
  }

  /** The comma before an element of an array, if it needs one. */
  element(): this {
    const last = this.buffer[this.length - 1];
    return last === OPEN_BRACKET ? this : this.byte(COMMA);
  }

  private enter(byte: number): this {
    this.level++;
    // As part of another text it stands a level deeper.
    if (this.level >= LIMITS.attributesDepth) this.isDoubtful = true;
    return this.byte(byte);
  }

  private leave(byte: number): this {
    if (this.level === this.top) this.endMember();
    this.level--;
    return this.byte(byte);
  }

  /** Members of an object as they stand, without its braces: those from `first` to before `end`. @param places of the object */
  members(source: Buffer, places: Places, first = 0, end = places.count): this {
    if (first >= end) return this;
    this.separate();
    const from = places.nameFrom[first] as number;
    const shift = this.length - from;
    this.copy(source, from, places.end[end - 1] as number);
    if (this.level !== this.top) return this;
    for (let index = first; index < end; index++) this.places.copyFrom(places, index, shift);
    return this;
  }

  /** All members as they stand but one or two. @param left their indices, -1 for none */
  membersBut(source: Buffer, places: Places, left: number, otherLeft = -1): this {
    let from = 0;
    for (let at = 0; at <= places.count; at++) {
      if (at < places.count && at !== left && at !== otherLeft) continue;
      this.members(source, places, from, at);
      from = at + 1;
    }
    return this;
  }

  /** The members that another text holds without braces. */
  shared(other: EntryText): this {
    const { places, buffer, length } = other;
    if (length === 0) return this;
    other.endMember();
    this.separate();
    const shift = this.length;
    this.copy(buffer, 0, length);
    if (other.isDoubtful) this.isDoubtful = true;
    if (this.level !== this.top) return this;
    for (let index = 0; index < places.count; index++) this.places.copyFrom(places, index, shift);
    return this;
  }

  /** A member whose value is that of another one, as it stands. */
  moved(name: MemberName, source: Buffer, places: Places, index: number): this {
    return this.json(name, source, places.from[index], places.end[index], places.isEscaped[index]);
  }

  /** A member under its own name without its first letters. @param letters of one byte */
  shortened(source: Buffer, places: Places, index: number, letters: number): this {
    const nameFrom = (places.nameFrom[index] as number) + 1 + letters;
    const nameEnd = places.nameEnd[index] as number;
    const valueFrom = places.from[index] as number;
    const valueEnd = places.end[index] as number;
    this.separate();
    const from = this.length;
    this.byte(QUOTE).copy(source, nameFrom, valueEnd);
    const shift = this.length - valueEnd;
    this.beginMember(from, valueFrom + shift, findName(source, nameFrom, nameEnd));
    this.isEscaped = places.isEscaped[index] as boolean;
    return this;
  }

  /** A member whose value is JSON text. @param isEscaped it is a string that holds a backslash */
  json(name: MemberName, source: Buffer, from = 0, end = source.length, isEscaped = false): this {
    this.name(name).copy(source, from, end);
    if (isEscaped) this.isEscaped = true;
    return this;
  }

  /** A member whose value is a text. */
  text(name: MemberName, value: string | Buffer): this {
    return this.name(name).string(value);
  }

  /** A member whose value is a text that stands in another one as it is: no JSON. */
  textOf(name: MemberName, { buffer, length }: EntryText): this {
    return this.name(name).stringOf(buffer, 0, length);
  }

  /** A member's name, whose value is written next. */
  name({ bytes, known }: MemberName): this {
    this.separate();
    const from = this.length;
    this.copy(bytes, 0, bytes.length);
    this.beginMember(from, this.length, known);
    return this;
  }

  /** A member's name that is any text. */
  namedBy(name: string | Buffer): this {
    this.separate();
    const from = this.length;
    this.string(name).byte(COLON);
    this.beginNamed(from);
    return this;
  }

  /** A member's name that is any text, of the bytes that stand in a source. */
  namedByBytes(source: Buffer, nameFrom: number, nameEnd: number): this {
    this.separate();
    const from = this.length;
    this.stringOf(source, nameFrom, nameEnd).byte(COLON);
    this.beginNamed(from);
    return this;
  }

  /** @param from of the name that was written last, with its colon */
  private beginNamed(from: number): void {
    if (this.level !== this.top) return;
    const end = this.length - 2;
    const { buffer } = this;
    let isPlain = true;
    for (let at = from + 1; at < end && isPlain; at++) isPlain = buffer[at] !== BACKSLASH;
    if (isPlain) this.beginMember(from, this.length, findName(buffer, from + 1, end));
    else {
      this.beginMember(from, this.length, null);
      this.isDoubtful = true;
    }
  }

  private beginMember(nameFrom: number, from: number, known: KnownName | null): void {
    if (this.level !== this.top) return;
    this.isOpen = true;
    this.isEscaped = false;
    this.places.add(nameFrom, from - 2, from, from, false, known);
  }

  private endMember(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const last = this.places.count - 1;
    this.places.end[last] = this.length;
    this.places.isEscaped[last] = this.isEscaped;
  }

  /** Digits of a whole number, not below 0. @param width with zeros before it, up to so many */
  digits(value: number, width = 1): this {
    let size = width;
    for (let limit = 10 ** width; value >= limit; limit *= 10) size++;
    this.reserve(size);
    let rest = value;
    for (let at = this.length + size - 1; at >= this.length; at--) {
      const next = Math.floor(rest / 10);
      this.buffer[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.length += size;
    return this;
  }

  /** Bytes in hexadecimal digits. */
  hexadecimal(source: Buffer, from: number, end: number): this {
    this.reserve((end - from) * 2);
    const { buffer } = this;
    for (let at = from; at < end; at++) {
      const byte = source[at] as number;
      buffer[this.length++] = HEXADECIMAL[byte >> 4] as number;
      buffer[this.length++] = HEXADECIMAL[byte & 15] as number;
    }
    return this;
  }

  /** JSON text as it stands. @param isEscaped it is a string that holds a backslash */
  value(source: Buffer, from = 0, end = source.length, isEscaped = false): this {
    if (isEscaped) this.isEscaped = true;
    return this.copy(source, from, end);
  }

  /** The value that another text is. */
  valueOf(other: EntryText): this {
    if (other.isDoubtful) this.isDoubtful = true;
    return this.value(other.buffer, 0, other.length, other.isEscaped);
  }

  /** ASCII as it stands. */
  plain(text: string): this {
    this.reserve(text.length);
    const { buffer } = this;
    let { length } = this;
    for (let at = 0; at < text.length; at++) buffer[length++] = text.charCodeAt(at);
    this.length = length;
    return this;
  }

  /** A JSON string of a text, or of its bytes in UTF-8; what is none gets the replacement character. */
  string(value: string | Buffer): this {
    if (typeof value === "string" ? this.plainText(value) : this.plainBytes(value, 0, value.length)) return this;
    const bytes =
      typeof value === "string" ? Buffer.from(value) : isUtf8(value) ? value : Buffer.from(value.toString());
    this.reserve(bytes.length * MOST_ESCAPED + 2);
    const { buffer } = this;
    let length = this.length;
    buffer[length++] = QUOTE;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (PLAIN[byte] === 1) buffer[length++] = byte;
      else {
        buffer[length++] = BACKSLASH;
        this.isEscaped = true;
        if (byte >= LEAST_CONTROL) buffer[length++] = byte;
        else length = this.control(byte, length);
      }
    }
    buffer[length++] = QUOTE;
    this.length = length;
    return this;
  }

  /** A JSON string of the bytes in UTF-8 that stand in a source. */
  stringOf(source: Buffer, from: number, end: number): this {
    return this.plainBytes(source, from, end) ? this : this.string(source.subarray(from, end));
  }

  /** Most texts are ASCII without escapes: copying those one by one costs less than looks and copies in bulk. @returns false for others */
  private plainText(value: string): boolean {
    this.reserve(value.length + 2);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = QUOTE;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > LAST_ASCII || PLAIN[code] === 0) return false;
      buffer[at++] = code;
    }
    buffer[at++] = QUOTE;
    this.length = at;
    return true;
  }

  private plainBytes(source: Buffer, from: number, end: number): boolean {
    this.reserve(end - from + 2);
    const { buffer } = this;
    let length = this.length;
    buffer[length++] = QUOTE;
    for (let at = from; at < end; at++) {
      const byte = source[at] as number;
      if (byte > LAST_ASCII || PLAIN[byte] === 0) return false;
      buffer[length++] = byte;
    }
    buffer[length++] = QUOTE;
    this.length = length;
    return true;
  }

  /** What stands behind the backslash of a control character. @returns where it ends */
  private control(byte: number, at: number): number {
    if (byte === 0) this.isDoubtful = true;
    return at + this.buffer.write(`u00${byte.toString(16).padStart(2, "0")}`, at, "latin1");
  }

  /**
   * Ends the text and hands it on.
   * @param scanner which has scanned what of it was JSON already
   * @param areDistinct as of Places
   */
  end(sink: EntrySink, scanner?: JsonScanner, areDistinct = false): void {
    this.close();
    this.places.areDistinct = areDistinct;
    const isDoubtful = this.isDoubtful || (scanner !== undefined && scanner.unstorable !== "");
    if (isDoubtful) sink.entry(withoutUnstorable(this.bytes), 0, this.length);
    else sink.entry(this.buffer, 0, this.length, this.places);
  }

  /** Ends the member before, if there is one. */
  private separate(): void {
    if (this.level === this.top) this.endMember();
    if (this.length === 0) return;
    const last = this.buffer[this.length - 1];
    if (last !== OPEN_BRACE && last !== COMMA) this.byte(COMMA);
  }

  private copy(source: Buffer, from: number, end: number): this {
    const size = end - from;
    this.reserve(size);
    if (size > SMALL_COPY) this.length += source.copy(this.buffer, this.length, from, end);
    else {
      const { buffer } = this;
      let { length } = this;
      for (let at = from; at < end; at++) buffer[length++] = source[at] as number;
      this.length = length;
    }
    return this;
  }

  byte(byte: number): this {
    this.reserve(1);
    this.buffer[this.length++] = byte;
    return this;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
