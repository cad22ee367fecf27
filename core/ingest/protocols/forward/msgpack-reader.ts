import { invalid } from "@/core/errors";

export const MSGPACK = {
  nil: 0,
  boolean: 1,
  integer: 2,
  float: 3,
  text: 4,
  bytes: 5,
  array: 6,
  map: 7,
  extension: 8,
} as const;

export type MsgpackKind = (typeof MSGPACK)[keyof typeof MSGPACK];

/**
 * Reads what stands before the content of a value of MessagePack (its specification, "Formats"). Values are walked over and never made
 * into objects: a few bytes of them can mean gigabytes, and what is written is JSON text.
 */
export class MsgpackReader {
  kind: MsgpackKind = MSGPACK.nil;
  /** Where the content begins. */
  from = 0;
  /** Of the content in bytes, an extension's type included; 0 for arrays and maps. */
  size = 0;
  /** Values that follow and belong to it. */
  children = 0;

  /**
   * @returns false when bytes are missing
   * @throws Fault invalid for a byte that begins no value
   */
  read(bytes: Buffer, at: number): boolean {
    const byte = bytes[at];
    if (byte === undefined) return false;
    if (byte < 0x80 || byte >= 0xe0) return this.found(MSGPACK.integer, at, 1);
    if (byte < 0x90) return this.found(MSGPACK.map, at + 1, 0, (byte & 0x0f) * 2);
    if (byte < 0xa0) return this.found(MSGPACK.array, at + 1, 0, byte & 0x0f);
    if (byte < 0xc0) return this.found(MSGPACK.text, at + 1, byte & 0x1f);
    if (byte === 0xc0) return this.found(MSGPACK.nil, at, 1);
    if (byte === 0xc2 || byte === 0xc3) return this.found(MSGPACK.boolean, at, 1);
    if (byte >= 0xc4 && byte <= 0xc6) return this.sized(MSGPACK.bytes, bytes, at, 1 << (byte - 0xc4));
    if (byte >= 0xc7 && byte <= 0xc9) return this.sized(MSGPACK.extension, bytes, at, 1 << (byte - 0xc7));
    if (byte === 0xca || byte === 0xcb) return this.found(MSGPACK.float, at, byte === 0xca ? 5 : 9);
    if (byte >= 0xcc && byte <= 0xd3) return this.found(MSGPACK.integer, at, 1 + (1 << ((byte - 0xcc) & 3)));
    if (byte >= 0xd4 && byte <= 0xd8) return this.found(MSGPACK.extension, at + 1, 1 + (1 << (byte - 0xd4)));
    if (byte >= 0xd9 && byte <= 0xdb) return this.sized(MSGPACK.text, bytes, at, 1 << (byte - 0xd9));
    if (byte >= 0xdc && byte <= 0xdf) return this.counted(bytes, at, byte);
    throw invalid(`not MessagePack: no value begins with the byte 0x${byte.toString(16)}`);
  }

  /** For numbers and words the content includes the byte that names the format. */
  private found(kind: MsgpackKind, from: number, size: number, children = 0): true {
    this.kind = kind;
    this.from = from;
    this.size = size;
    this.children = children;
    return true;
  }

  private sized(kind: MsgpackKind, bytes: Buffer, at: number, width: number): boolean {
    if (at + 1 + width > bytes.length) return false;
    const size = bytes.readUIntBE(at + 1, width);
    return this.found(kind, at + 1 + width, kind === MSGPACK.extension ? size + 1 : size);
  }

  private counted(bytes: Buffer, at: number, byte: number): boolean {
    const width = (byte & 1) === 0 ? 2 : 4;
    if (at + 1 + width > bytes.length) return false;
    const count = bytes.readUIntBE(at + 1, width);
    return byte < 0xde
      ? this.found(MSGPACK.array, at + 1 + width, 0, count)
      : this.found(MSGPACK.map, at + 1 + width, 0, count * 2);
  }
}
