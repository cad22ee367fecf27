import type { WordFilterBuilder } from "../word-filter";

/** Bytes up to which copying one by one costs less than the view that a bulk copy needs. */
const SMALL_COPY = 40;
const FIRST_BYTES = 1024;

/** Parquet's numbers of the types that there are. */
export const PLAIN_TYPES = { integer: 2, text: 6 } as const;

/**
 * Values of a column, one an entry, as Parquet's encoding PLAIN has them (parquet-format, Encodings.md): eight bytes a number, the least
 * first; of a text its length in four bytes, then its bytes in UTF-8.
 */
export class PlainColumn {
  private values = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private length = 0;
  /** A bit for each entry: whether it has a value. */
  private present = new Uint8Array(64);
  private entries = 0;

  constructor(
    readonly name: string,
    readonly type: keyof typeof PLAIN_TYPES,
  ) {}

  get bytes(): number {
    return this.length;
  }

  addNothing(): void {
    this.enter(0);
  }

  /** @param high the upper half of the number, signed or not @param low the lower one */
  addInteger(high: number, low: number): void {
    this.enter(1);
    this.reserve(8);
    const { values } = this;
    let { length } = this;
    for (let bit = 0; bit < 32; bit += 8) values[length++] = low >>> bit;
    for (let bit = 0; bit < 32; bit += 8) values[length++] = high >>> bit;
    this.length = length;
  }

  addText(source: Uint8Array, from: number, end: number): void {
    let at = this.beginText(end - from);
    const { values } = this;
    if (end - from <= SMALL_COPY) for (let byte = from; byte < end; byte++) values[at++] = source[byte] as number;
    else values.set(source.subarray(from, end), at);
  }

  /** The same, and a filter takes down the words of the text. */
  addWords(source: Uint8Array, from: number, end: number, filter: WordFilterBuilder): void {
    const at = this.beginText(end - from);
    filter.copyText(source, from, end, this.values, at);
  }

  /** @returns where the text is to be written */
  private beginText(size: number): number {
    this.enter(1);
    this.reserve(4 + size);
    const { values, length } = this;
    values[length] = size;
    values[length + 1] = size >>> 8;
    values[length + 2] = size >>> 16;
    values[length + 3] = size >>> 24;
    this.length = length + 4 + size;
    return length + 4;
  }

  private enter(isThere: number): void {
    const at = this.entries++;
    if (at >>> 3 === this.present.length) {
      const grown = new Uint8Array(this.present.length * 2);
      grown.set(this.present);
      this.present = grown;
    }
    this.present[at >>> 3] = (this.present[at >>> 3] ?? 0) | (isThere << (at & 7));
  }

  private reserve(needed: number): void {
    if (this.length + needed <= this.values.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.values.length * 2, this.length + needed));
    this.values.copy(grown, 0, 0, this.length);
    this.values = grown;
  }

  /** Which entries have a value, as bits, and the values, until `clear`. */
  get content(): { entries: number; present: Uint8Array; values: Buffer } {
    const { entries, present, values, length } = this;
    return { entries, present: present.subarray(0, (entries + 7) >>> 3), values: values.subarray(0, length) };
  }

  clear(): void {
    this.present.fill(0, 0, (this.entries + 7) >>> 3);
    this.length = 0;
    this.entries = 0;
  }
}
