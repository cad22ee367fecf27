import { BACKSLASH, QUOTE } from "@/core/ascii";
import { type AttributeColumn, canonicalNumber } from "../attribute-columns";
import { AttributeReader } from "./attribute-reader";
import { MOST_TEXT_BYTES } from "./choose-columns";
import { PlainColumn } from "./plain-column";

/** Least and greatest number by path. */
export type Ranges = Record<string, [least: number, greatest: number]>;

/** The numbers of a block by slot: least and greatest by turns. */
export type OpenRanges = Float64Array;

type Slot = {
  path: string;
  cells: PlainColumn;
  /** False when an entry has several texts there, or one that is too long: then there is no column. */
  canBe: boolean;
  values: number;
  isNumber: boolean;
  isInteger: boolean;
};

/** What the column of texts at a path is called in a staged file. */
export const cellName = (index: number): string => `cell${index}`;

/**
 * Takes the attributes of entry after entry, keeps those that may get columns of their own as columns of texts, and takes down what they
 * are: which have a column in the end, and of which kind, is known after the last entry.
 */
export class ColumnValues {
  private readonly slots: Slot[];
  private readonly reader: AttributeReader;

  constructor(paths: readonly string[]) {
    this.slots = paths.map((path, index) => ({
      path,
      cells: new PlainColumn(cellName(index), "text"),
      canBe: true,
      values: 0,
      isNumber: true,
      isInteger: true,
    }));
    this.reader = new AttributeReader(paths);
  }

  /** In the order of the paths. */
  get cells(): PlainColumn[] {
    return this.slots.map(({ cells }) => cells);
  }

  newRanges(): OpenRanges {
    return Float64Array.from({ length: this.slots.length * 2 }, (_, index) =>
      index % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    );
  }

  /** Those of the paths that have a column, in their order. */
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

  /** Takes an entry's attributes, which stand as JSON text from `from` to before `end`; -1 for none. */
  add(source: Buffer, from: number, end: number, ranges: OpenRanges): void {
    const { counts, starts, ends } = this.reader;
    if (from < 0) counts.fill(0);
    else this.reader.read(source, from, end);
    const { slots } = this;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const count = counts[index] ?? 0;
      const valueFrom = starts[index] ?? 0;
      const valueEnd = ends[index] ?? 0;
      if (count > 1 || (count === 1 && valueEnd - valueFrom > MOST_TEXT_BYTES)) slot.canBe = false;
      if (count === 1 && slot.canBe) this.addValue(slot, index, source, valueFrom, valueEnd, ranges);
      else slot.cells.addNothing();
    }
  }

  private addValue(slot: Slot, index: number, source: Buffer, from: number, end: number, ranges: OpenRanges): void {
    slot.values++;
    const isString = source[from] === QUOTE;
    const textFrom = isString ? from + 1 : from;
    const textEnd = isString ? end - 1 : end;
    if (slot.isNumber) {
      const number = numberIn(source, textFrom, textEnd);
      if (number === null) slot.isNumber = slot.isInteger = false;
      else {
        if (slot.isInteger) slot.isInteger = Number.isInteger(number);
        if (number < (ranges[index * 2] ?? 0)) ranges[index * 2] = number;
        if (number > (ranges[index * 2 + 1] ?? 0)) ranges[index * 2 + 1] = number;
      }
    }
    if (isString && hasBackslash(source, from, end)) {
      const text = Buffer.from(String(JSON.parse(source.toString("utf8", from, end))));
      slot.cells.addText(text, 0, text.length);
    } else slot.cells.addText(source, textFrom, textEnd);
  }
}

/** As canonicalNumber, without a text for what is short and whole. */
function numberIn(source: Buffer, from: number, end: number): number | null {
  let number = 0;
  for (let at = from; at < end; at++) {
    const digit = (source[at] ?? 0) - 0x30;
    const isPlain = digit >= 0 && digit <= 9 && end - from <= 15 && (digit > 0 || at > from || end - from === 1);
    if (!isPlain) return canonicalNumber(source.toString("latin1", from, end));
    number = number * 10 + digit;
  }
  return from < end ? number : null;
}

function hasBackslash(source: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (source[at] === BACKSLASH) return true;
  return false;
}
