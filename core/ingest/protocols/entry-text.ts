import { isUtf8 } from "node:buffer";
import type { EntrySink } from "@/core/ingest/decode/decoder";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LEAST_CONTROL = 0x20;
const LAST_ASCII = 0x7f;
const FIRST_BYTES = 1024;
/** An escaped byte takes six at the most: \u001f. */
const MOST_ESCAPED = 6;

/** 1 for bytes that stand in a JSON string as they are. */
const PLAIN = new Uint8Array(256).map((_, byte) =>
  byte >= LEAST_CONTROL && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** A member's name as it stands before its value: `"trace_id":`. For names that need no escapes. */
export const memberName = (name: string): Buffer => Buffer.from(`"${name}":`);

/**
 * Writes the JSON text of one entry after the other into the same bytes: how every protocol hands on what its wire says, so that
 * names, levels, times and limits are read at one place for all. What is JSON already is copied as it stands.
 */
export class EntryText {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Starts a new text, an object. */
  begin(): this {
    this.length = 0;
    return this.open();
  }

  open(): this {
    return this.byte(OPEN);
  }

  close(): this {
    return this.byte(CLOSE);
  }

  /** Members as they stand, without braces; none when the place is empty. */
  members(source: Buffer, from = 0, end = source.length): this {
    return from < end ? this.separated().copy(source, from, end) : this;
  }

  /** A member whose value is JSON text. @param name of memberName */
  json(name: Buffer, source: Buffer, from = 0, end = source.length): this {
    return this.name(name).copy(source, from, end);
  }

  /** A member whose value is a text. @param name of memberName */
  text(name: Buffer, value: string | Buffer): this {
    return this.name(name).string(value);
  }

  /** A member's name, whose value is written next. @param name of memberName */
  name(name: Buffer): this {
    return this.separated().copy(name, 0, name.length);
  }

  /** A member's name that is any text. */
  namedBy(name: string | Buffer): this {
    return this.separated().string(name).byte(0x3a);
  }

  /** A member's name that is any text, of the bytes that stand in a source. */
  namedByBytes(source: Buffer, from: number, end: number): this {
    return this.separated().stringOf(source, from, end).byte(0x3a);
  }

  /** JSON text as it stands. */
  value(source: Buffer, from = 0, end = source.length): this {
    return this.copy(source, from, end);
  }

  /** ASCII as it stands. */
  plain(text: string): this {
    this.reserve(text.length);
    this.length += this.buffer.write(text, this.length, "latin1");
    return this;
  }

  /** A JSON string of a text, or of its bytes in UTF-8; what is none gets the replacement character. */
  string(value: string | Buffer): this {
    if (typeof value === "string" ? this.plainText(value) : this.plainBytes(value, 0, value.length)) return this;
    const bytes =
      typeof value === "string" ? Buffer.from(value) : isUtf8(value) ? value : Buffer.from(value.toString());
    this.reserve(bytes.length * MOST_ESCAPED + 2);
    const { buffer } = this;
    buffer[this.length++] = QUOTE;
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (PLAIN[byte] === 1) continue;
      this.length += bytes.copy(buffer, this.length, from, at);
      from = at + 1;
      this.escape(byte);
    }
    this.length += bytes.copy(buffer, this.length, from);
    buffer[this.length++] = QUOTE;
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

  private escape(byte: number): void {
    if (byte >= LEAST_CONTROL) {
      this.buffer[this.length++] = BACKSLASH;
      this.buffer[this.length++] = byte;
    } else this.length += this.buffer.write(`\\u00${byte.toString(16).padStart(2, "0")}`, this.length, "latin1");
  }

  /** Ends the text and hands it on. */
  end(sink: EntrySink): void {
    this.close();
    sink.entry(this.buffer, 0, this.length);
  }

  private separated(): this {
    const last = this.buffer[this.length - 1];
    return this.length > 0 && last !== OPEN && last !== COMMA ? this.byte(COMMA) : this;
  }

  private copy(source: Buffer, from: number, end: number): this {
    this.reserve(end - from);
    this.length += source.copy(this.buffer, this.length, from, end);
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
