import { BACKSLASH, QUOTE } from "@/core/ascii";

const NULL = 0x6e;

/** Bytes of which numbers consist, and true and false. */
const NUMBER = bytesOf("+-.0123456789eE");
const WORD = bytesOf("truefals");

function bytesOf(signs: string): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const sign of signs) bytes[sign.charCodeAt(0)] = 1;
  return bytes;
}

/** A scalar in a document; of strings with their quotes. `slot` is -1 where nobody asks for it. */
export type Scalar = { from: number; end: number; slot: number };

/** What was found of a document: how many scalars there are for each slot, and where the first one stands. */
export type Found = { counts: Uint8Array; starts: Uint32Array; ends: Uint32Array };

type Value = {
  /** What stands before it; of strings with the opening quote. */
  before: Uint8Array;
  /** The bytes of which it consists; null: a string. */
  signs: Uint8Array | null;
  slot: number;
};

/**
 * Documents that differ in nothing but their values, as what one place in a program logs mostly does. Another one of the same shape is read by
 * comparing what is between the values, which takes a quarter of the time that walking over it does.
 */
export class DocumentShape {
  private constructor(
    private readonly values: readonly Value[],
    private readonly behind: Uint8Array,
    private readonly counts: Uint8Array,
  ) {}

  /**
   * @param source a document, from `from` to before `end`, without arrays and without escapes in its strings
   * @param scalars all of it, in their order @param counts how many of them are at each slot
   */
  static of(
    source: Uint8Array,
    from: number,
    end: number,
    scalars: readonly Scalar[],
    counts: Uint8Array,
  ): DocumentShape {
    const values: Value[] = [];
    let at = from;
    for (const scalar of scalars) {
      const first = source[scalar.from] ?? 0;
      // There is nothing at a path that is null, so it belongs to the shape.
      if (first === NULL) continue;
      const inQuotes = first === QUOTE ? 1 : 0;
      const before = copyOf(source, at, scalar.from + inQuotes);
      values.push({ before, signs: inQuotes ? null : NUMBER[first] === 1 ? NUMBER : WORD, slot: scalar.slot });
      at = scalar.end - inQuotes;
    }
    return new DocumentShape(values, copyOf(source, at, end), counts.slice());
  }

  /**
   * @param source JSON that is valid, from `from` to before `end`
   * @param found is filled in
   * @returns false when it has another shape, and then what is filled in means nothing
   */
  read(source: Uint8Array, from: number, end: number, found: Found): boolean {
    const { values } = this;
    let at = from;
    for (let index = 0; index < values.length; index++) {
      const { before, signs, slot } = values[index] as Value;
      if (!standsAt(source, at, end, before)) return false;
      at += before.length;
      const begin = at;
      if (signs) while (signs[source[at] as number] === 1) at++;
      else for (; source[at] !== QUOTE; at++) if (source[at] === BACKSLASH) return false;
      if (slot < 0) continue;
      found.starts[slot] = signs ? begin : begin - 1;
      found.ends[slot] = signs ? at : at + 1;
    }
    if (!standsAt(source, at, end, this.behind) || at + this.behind.length !== end) return false;
    found.counts.set(this.counts);
    return true;
  }
}

/** A Buffer's own slice would be a view of what its owner may write over. */
const copyOf = (source: Uint8Array, from: number, end: number): Uint8Array =>
  Uint8Array.from(source.subarray(from, end));

function standsAt(source: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (at + text.length > end) return false;
  for (let byte = 0; byte < text.length; byte++) if (source[at + byte] !== text[byte]) return false;
  return true;
}
