import protobuf from "protobufjs/minimal.js";
import type { EntryText } from "./entry-text";

/** The wire types of protocol buffers (protobuf.dev, "Encoding"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const FIXED64_BYTES = 8;

const TWO_16 = 2 ** 16;
const TWO_32 = 2 ** 32;
/** Below it the upper half of a number makes one that a double holds. */
const HIGH_OF_SAFE = 2 ** 21;
const BILLION = 1e9;
const BILLION_DIGITS = 9;

/** So many bytes of a varint are 49 bits, which a double holds. */
const NUMBER_BYTES = 7;

/**
 * Walks over the fields of a message and those within it, without making anything of them:
 *
 *     while (message.next(end)) if (message.number === 1) ...; else message.skip();
 *
 * Every method throws a RangeError or an Error for bytes that are no message. A field that is longer than its message is told when that
 * one ends.
 */
export class ProtobufMessage {
  private readonly reader: protobuf.Reader;
  private wire = 0;
  /** Of the field that comes next. */
  number = 0;
  /** Of the text or the bytes that were read last. */
  from = 0;
  end = 0;

  constructor(readonly source: Buffer) {
    this.reader = protobuf.Reader.create(source);
  }

  /** Goes to the next field of a message. @param end where the message ends */
  next(end: number): boolean {
    const { reader } = this;
    if (reader.pos >= end) {
      if (reader.pos > end) throw new RangeError("a field is longer than its message");
      return false;
    }
    const tag = reader.uint32();
    this.number = tag >>> 3;
    this.wire = tag & 7;
    return true;
  }

  /** Passes over a field. */
  skip(): void {
    this.reader.skipType(this.wire, 0, this.number);
  }

  /** Goes into a message. @returns where it ends */
  enter(): number {
    const { reader } = this;
    if (this.wire !== LENGTH_DELIMITED) throw wrongType();
    const length = reader.uint32();
    if (reader.pos + length > reader.len) throw new RangeError("a field is longer than its message");
    return reader.pos + length;
  }

  /** Passes over a text, bytes or a message: they stand from `from` to `end`. */
  bytes(): void {
    this.end = this.enter();
    this.from = this.reader.pos;
    this.reader.pos = this.end;
  }

  /** Goes back to what was passed over. */
  goTo(at: number): void {
    this.reader.pos = at;
  }

  get at(): number {
    return this.reader.pos;
  }

  text(): string {
    this.bytes();
    return this.source.toString("utf8", this.from, this.end);
  }

  double(): number {
    return this.reader.double();
  }

  fixed32(): number {
    if (this.wire !== FIXED32) throw wrongType();
    return this.reader.fixed32();
  }

  /** Passes over a fixed64 that is the same as the one at `at`. @returns false for any other, which is not read; also where `at` is -1 */
  skipSame(at: number): boolean {
    const { source, reader } = this;
    if (at < 0 || this.wire !== FIXED64) return false;
    for (let byte = 0; byte < FIXED64_BYTES; byte++) if (source[reader.pos + byte] !== source[at + byte]) return false;
    reader.skip(FIXED64_BYTES);
    return true;
  }

  get isFixed64(): boolean {
    return this.wire === FIXED64;
  }

  /** Writes a fixed64 or a varint of 64 bits as digits. */
  writeDigits(text: EntryText): void {
    if (this.wire !== FIXED64) {
      const small = this.smallVarint();
      if (small < 0) text.plain(String(this.bigVarint()));
      else text.digits(small);
      return;
    }
    const { reader, source } = this;
    const from = reader.pos;
    reader.skip(FIXED64_BYTES);
    const low = source.readUInt32LE(from);
    const high = source.readUInt32LE(from + 4);
    if (high < HIGH_OF_SAFE) text.digits(high * TWO_32 + low);
    else {
      // Exact in doubles: what is left of a billion, by halves of the upper 32 bits, and then how many billions there are.
      const rest = (((high * TWO_16) % BILLION) * TWO_16 + low) % BILLION;
      const billions = Math.round((high * TWO_32 + low - rest) / BILLION);
      text.digits(billions).digits(rest, BILLION_DIGITS);
    }
  }

  /** A varint of 64 bits, as near as a double comes. */
  integer(): number {
    const small = this.smallVarint();
    return small < 0 ? Number(this.bigVarint()) : small;
  }

  /** @returns -1 for one of more bytes, which is not read */
  private smallVarint(): number {
    if (this.wire !== VARINT) throw wrongType();
    const { reader, source } = this;
    let value = 0;
    let unit = 1;
    for (let at = reader.pos; at < reader.pos + NUMBER_BYTES; at++) {
      const byte = source[at];
      if (byte === undefined) throw new RangeError("a number is not complete");
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
      if (byte < 0x80) {
        reader.pos = at + 1;
        return value;
      }
    }
    return -1;
  }

  private bigVarint(): bigint {
    const { reader, source } = this;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = source[reader.pos++];
      if (byte === undefined) throw new RangeError("a number is not complete");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError("a number is longer than 64 bits");
  }
}

const wrongType = () => new Error("a field has another wire type than its message says");
