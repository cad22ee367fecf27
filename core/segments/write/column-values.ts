import { type AttributeColumn, canonicalNumber } from "../attribute-columns";
import { AttributeReader } from "./attribute-reader";
import { MOST_TEXT_BYTES } from "./choose-columns";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** Least and greatest number by path. */
export type Ranges = Record<string, [least: number, greatest: number]>;

/** The numbers of a block by slot: least and greatest by turns. */
export type OpenRanges = Float64Array;

type Slot = {
  path: string;
  /** False when an entry has several texts there, or one that is too long: then there is no column. */
  canBe: boolean;
  values: number;
  isNumber: boolean;
  isInteger: boolean;
};

/**
 * Takes the attributes of entry after entry, writes those that get columns of their own as cells of CSV, and takes down what they are: which
 * have a column in the end, and of which kind, is known after the last entry.
 */
export class ColumnValues {
  private readonly slots: Slot[];
  private readonly reader: AttributeReader;
  private document: Buffer = Buffer.alloc(1024);

  constructor(paths: readonly string[]) {
    this.slots = paths.map((path) => ({ path, canBe: true, values: 0, isNumber: true, isInteger: true }));
    this.reader = new AttributeReader(paths);
  }

  newRanges(): OpenRanges {
    return Float64Array.from({ length: this.slots.length * 2 }, (_, index) =>
      index % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    );
  }

  /** In the order of the cells. */
  columns(): AttributeColumn[] {
    return this.slots
      .filter(({ canBe, values }) => canBe && values > 0)
      .map(({ path, isNumber, isInteger }) => ({ path, kind: isInteger ? "integer" : isNumber ? "number" : "text" }));
  }

  rangesOf(open: OpenRanges): Ranges {
    const ranges: Ranges = {};
    for (const [index, { path, canBe, isNumber }] of this.slots.entries()) {
      const [least, greatest] = [open[index * 2] ?? 0, open[index * 2 + 1] ?? 0];
      if (canBe && isNumber && least <= greatest) ranges[path] = [least, greatest];
    }
    return ranges;
  }

  /** The most bytes that write() may need for attributes of so many bytes. */
  mostBytes = (bytes: number): number => this.slots.length * 4 + bytes * 2;

  /**
   * Writes a cell for each path, each after a comma.
   * @param source CSV, where the attributes stand from `from` to before `to`
   * @returns where `target` goes on
   */
  write(source: Buffer, from: number, to: number, target: Buffer, targetAt: number, ranges: OpenRanges): number {
    this.reader.counts.fill(0);
    if (from < to) this.reader.read(this.document, this.unquote(source, from, to));
    const { counts, starts, ends } = this.reader;
    let at = targetAt;
    for (const [index, slot] of this.slots.entries()) {
      target[at++] = COMMA;
      const count = counts[index] ?? 0;
      if (count === 0 || !slot.canBe) continue;
      const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
      if (count > 1 || end - start > MOST_TEXT_BYTES) slot.canBe = false;
      else at = this.writeCell(slot, index, start, end, target, at, ranges);
    }
    return at;
  }

  private writeCell(
    slot: Slot,
    index: number,
    start: number,
    end: number,
    target: Buffer,
    at: number,
    ranges: OpenRanges,
  ): number {
    const { document } = this;
    slot.values++;
    const isString = document[start] === QUOTE;
    if (slot.isNumber) {
      const number = isString ? this.numberIn(start + 1, end - 1) : this.numberIn(start, end);
      if (number === null) slot.isNumber = slot.isInteger = false;
      else {
        if (slot.isInteger) slot.isInteger = Number.isInteger(number);
        if (number < (ranges[index * 2] ?? 0)) ranges[index * 2] = number;
        if (number > (ranges[index * 2 + 1] ?? 0)) ranges[index * 2 + 1] = number;
      }
    }
    if (isString && hasBackslash(document, start, end)) {
      const text = String(JSON.parse(document.toString("utf8", start, end)));
      return at + target.write(`"${text.replaceAll('"', '""')}"`, at);
    }
    // Quotes of JSON are quotes of CSV where nothing is escaped.
    let written = at;
    for (let from = start; from < end; from++) target[written++] = document[from] as number;
    return written;
  }

  /** As canonicalNumber, without a text for what is short and whole. */
  private numberIn(from: number, to: number): number | null {
    const { document } = this;
    let number = 0;
    for (let at = from; at < to; at++) {
      const digit = (document[at] ?? 0) - 0x30;
      const isPlain = digit >= 0 && digit <= 9 && to - from <= 15 && (digit > 0 || at > from || to - from === 1);
      if (!isPlain) return canonicalNumber(document.toString("latin1", from, to));
      number = number * 10 + digit;
    }
    return from < to ? number : null;
  }

  /** Copies a field of CSV without its quotes. @returns its length */
  private unquote(source: Buffer, from: number, to: number): number {
    if (this.document.length < to - from) this.document = Buffer.alloc((to - from) * 2);
    const { document } = this;
    if (source[from] !== QUOTE) return source.copy(document, 0, from, to);
    let length = 0;
    for (let at = from + 1; at < to - 1; at++) {
      const byte = source[at] ?? 0;
      document[length++] = byte;
      // Two of them are one.
      if (byte === QUOTE) at++;
    }
    return length;
  }
}

function hasBackslash(source: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (source[at] === BACKSLASH) return true;
  return false;
}
