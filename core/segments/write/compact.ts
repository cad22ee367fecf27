/** Of Thrift's compact protocol (thrift, doc/specs/thrift-compact-protocol.md), in which Parquet writes what it says about values. */
const TYPES = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;
const LONG_LIST = 15;

/** What a field holds. Lists have things of one kind. */
export type Field =
  | { kind: "i32" | "i64"; value: number }
  | { kind: "text"; value: string }
  | { kind: "list"; of: "i32" | "text" | "struct"; value: readonly Field[] }
  | { kind: "struct"; value: Fields };

/** By their numbers, in ascending order. */
export type Fields = readonly (readonly [id: number, field: Field])[];

/** What a field can hold; `i64` takes whole numbers up to 2^53. */
export const i32 = (value: number): Field => ({ kind: "i32", value });
export const i64 = (value: number): Field => ({ kind: "i64", value });
export const text = (value: string): Field => ({ kind: "text", value });
export const struct = (...value: Fields): Field => ({ kind: "struct", value });
export const list = (of: "i32" | "text" | "struct", value: readonly Field[]): Field => ({ kind: "list", of, value });

/** A number in pieces of seven bits, the least first. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** The bytes of a struct. */
export const compact = (fields: Fields): Buffer => Buffer.from(structBytes(fields));

function structBytes(fields: Fields): number[] {
  const bytes: number[] = [];
  let last = 0;
  for (const [id, field] of fields) {
    bytes.push(((id - last) << 4) | TYPES[field.kind], ...valueBytes(field));
    last = id;
  }
  return [...bytes, 0];
}

function valueBytes(field: Field): number[] {
  switch (field.kind) {
    case "i32":
    case "i64":
      // Zigzag, of what is not negative.
      return varint(field.value * 2);
    case "text": {
      const bytes = Buffer.from(field.value);
      return [...varint(bytes.length), ...bytes];
    }
    case "list": {
      const { length } = field.value;
      const type = TYPES[field.of];
      const head = length < LONG_LIST ? [(length << 4) | type] : [(LONG_LIST << 4) | type, ...varint(length)];
      return [...head, ...field.value.flatMap(valueBytes)];
    }
    case "struct":
      return structBytes(field.value);
  }
}
