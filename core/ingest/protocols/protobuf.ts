import protobuf from "protobufjs/minimal.js";

/** The wire types of protocol buffers (protobuf.dev, "Encoding"). */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** One field of a message: its number, and the reader that stands before its value. */
export type Field = { number: number; wire: number; reader: protobuf.Reader };

/**
 * Walks over the fields of a message. `read` takes the value of those that it knows and says so; others are passed over.
 * @throws RangeError or Error for bytes that are no message
 */
export function readFields(message: Uint8Array, read: (field: Field) => boolean): void {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = { number: tag >>> 3, wire: tag & 7, reader };
    if (!read(field)) reader.skipType(field.wire);
  }
}

/** A message, a text or bytes: a view of the source. @throws Error when it is something else */
export function bytesOf({ wire, reader }: Field): Buffer {
  if (wire !== LENGTH_DELIMITED) throw new Error("a field has another wire type than its message says");
  const length = reader.uint32();
  const from = reader.pos;
  if (from + length > reader.len) throw new RangeError("a field is longer than its message");
  reader.skip(length);
  return Buffer.from(reader.buf.buffer, reader.buf.byteOffset + from, length);
}

/** A fixed64 or a varint of 64 bits, whole. */
export function bigintOf({ wire, reader }: Field): bigint {
  if (wire === FIXED64) {
    const from = reader.pos;
    reader.skip(8);
    return Buffer.from(reader.buf.buffer, reader.buf.byteOffset + from, 8).readBigUInt64LE();
  }
  if (wire !== VARINT) throw new Error("a field has another wire type than its message says");
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (reader.pos >= reader.len) throw new RangeError("a number is not complete");
    const byte = reader.buf[reader.pos++] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, value);
  }
  throw new RangeError("a number is longer than 64 bits");
}
