import { CLOSE_BRACKET, COMMA, OPEN_BRACKET, SLASH } from "@/core/ascii";
import type { EntryText } from "@/core/ingest/protocols/entry-text";
import { Rejected } from "@/core/ingest/rejected";
import { LIMITS } from "@/core/limits";
import { MSGPACK, type MsgpackKind, MsgpackReader } from "./msgpack-reader";

const CONTAINER = Buffer.from("container_name");
const TRUE = 0xc3;
const FLOAT_32 = 0xca;

const reader = new MsgpackReader();

/**
 * Writes a value, which is whole, as JSON text: integers with all their digits, bytes as the text that they mostly are, what JSON
 * has no word for as text.
 * @returns where it ends
 * @throws Rejected when it is nested deeper than attributes may be
 */
export function writeJson(bytes: Buffer, at: number, text: EntryText, depth = 0): number {
  if (depth > LIMITS.attributesDepth) throw new Rejected(`a record is nested deeper than ${LIMITS.attributesDepth}`);
  reader.read(bytes, at);
  const { kind, from, size, children } = reader;
  const end = from + size;
  switch (kind) {
    case MSGPACK.nil:
      text.plain("null");
      return end;
    case MSGPACK.boolean:
      text.plain(bytes[from] === TRUE ? "true" : "false");
      return end;
    case MSGPACK.integer:
      text.plain(integerText(bytes, from, size));
      return end;
    case MSGPACK.float: {
      const value = floatOf(bytes, from);
      text.plain(Number.isFinite(value) ? String(value) : `"${value}"`);
      return end;
    }
    case MSGPACK.text:
    case MSGPACK.bytes:
      text.stringOf(bytes, from, end);
      return end;
    case MSGPACK.extension:
      text.string(bytes.toString("base64", from + 1, end));
      return end;
    case MSGPACK.array:
      return writeArray(bytes, from, children, text, depth);
    case MSGPACK.map:
      text.open();
      return closing(text, writeMembers(bytes, from, children / 2, text, depth));
  }
}

function closing(text: EntryText, end: number): number {
  text.close();
  return end;
}

function writeArray(bytes: Buffer, from: number, count: number, text: EntryText, depth: number): number {
  let at = from;
  text.byte(OPEN_BRACKET);
  for (let index = 0; index < count; index++) {
    if (index > 0) text.byte(COMMA);
    at = writeJson(bytes, at, text, depth + 1);
  }
  text.byte(CLOSE_BRACKET);
  return at;
}

/** The members of a map, without braces. A name that is no text is the text of its value. @returns where the last one ends */
export function writeMembers(bytes: Buffer, from: number, count: number, text: EntryText, depth = 0): number {
  let at = from;
  for (let index = 0; index < count; index++) {
    reader.read(bytes, at);
    const nameAt = reader.from;
    const nameEnd = endOfScalar(reader);
    writeName(bytes, reader, text);
    at =
      depth === 0 && isContainer(bytes, nameAt, nameEnd)
        ? writeContainer(bytes, nameEnd, text)
        : writeJson(bytes, nameEnd, text, depth + 1);
  }
  return at;
}

const isContainer = (bytes: Buffer, from: number, end: number) =>
  end - from === CONTAINER.length && CONTAINER.equals(bytes.subarray(from, end));

/** Docker's driver writes a container's name as its API does, with a slash before it. */
function writeContainer(bytes: Buffer, at: number, text: EntryText): number {
  reader.read(bytes, at);
  const { kind, from, size } = reader;
  if (kind !== MSGPACK.text || bytes[from] !== SLASH) return writeJson(bytes, at, text, 1);
  text.stringOf(bytes, from + 1, from + size);
  return from + size;
}

function endOfScalar({ children, from, size }: MsgpackReader): number {
  if (children > 0) throw new Rejected("a name in a record must be a text");
  return from + size;
}

function writeName(bytes: Buffer, { kind, from, size }: MsgpackReader, text: EntryText): void {
  if (kind === MSGPACK.text || kind === MSGPACK.bytes) text.namedByBytes(bytes, from, from + size);
  else text.namedBy(nameOf(bytes, kind, from, size));
}

function nameOf(bytes: Buffer, kind: MsgpackKind, from: number, size: number): string {
  if (kind === MSGPACK.integer) return integerText(bytes, from, size);
  if (kind === MSGPACK.float) return String(floatOf(bytes, from));
  if (kind === MSGPACK.boolean) return bytes[from] === TRUE ? "true" : "false";
  if (kind === MSGPACK.nil) return "null";
  return bytes.toString("base64", from, from + size);
}

/** @param from of the byte that names the format */
export function integerText(bytes: Buffer, from: number, size: number): string {
  const format = bytes[from] ?? 0;
  if (size === 1) return String(bytes.readInt8(from));
  const isSigned = format >= 0xd0;
  if (size === 9) return String(isSigned ? bytes.readBigInt64BE(from + 1) : bytes.readBigUInt64BE(from + 1));
  return String(isSigned ? bytes.readIntBE(from + 1, size - 1) : bytes.readUIntBE(from + 1, size - 1));
}

/** The number of a float 32 or float 64 whose format byte is at `from` (MessagePack specification, "float format family"). */
export const floatOf = (bytes: Buffer, from: number): number =>
  bytes[from] === FLOAT_32 ? bytes.readFloatBE(from + 1) : bytes.readDoubleBE(from + 1);
