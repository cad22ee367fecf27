import { Transform } from "node:stream";
import type { AttributeColumn } from "../attribute-columns";
import { WordFilterBuilder } from "../word-filter";
import { ColumnValues, type OpenRanges, type Ranges } from "./column-values";
import { ContentSum } from "./entry-hash";

/** Times in microseconds since 1970, both inclusive. */
export type Block = {
  firstMicros: number;
  lastMicros: number;
  rows: number;
  words: Buffer;
  /** Of the columns of numbers. */
  ranges: Ranges;
};

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const MD5_DIGITS = 32;

type OpenBlock = {
  startMicros: number;
  firstMicros: number;
  lastMicros: number;
  rows: number;
  filter: WordFilterBuilder;
  ranges: OpenRanges;
};

/**
 * Lets the CSV of a segment's entries pass, whose first columns are the time in microseconds, the MD5 and the id, and whose last one has
 * the attributes. Adds those that may get columns of their own, and takes down by block of time how many entries there are and what
 * words and numbers are in them.
 */
export class RowsWatcher extends Transform {
  readonly sum = new ContentSum();
  rows = 0;
  private readonly blocks: OpenBlock[];
  private readonly values: ColumnValues;
  private rest: Buffer = Buffer.alloc(0);

  /**
   * @param starts where blocks begin, microseconds since 1970, ascending; the first one is before every entry
   * @param paths of the attributes for which cells are added, in their order
   */
  constructor(starts: readonly number[], paths: readonly string[]) {
    super();
    this.values = new ColumnValues(paths);
    this.blocks = starts.map((startMicros) => ({
      startMicros,
      firstMicros: Number.POSITIVE_INFINITY,
      lastMicros: Number.NEGATIVE_INFINITY,
      rows: 0,
      filter: new WordFilterBuilder(),
      ranges: this.values.newRanges(),
    }));
  }

  /** What was seen, by blocks that have entries, and which of the attributes can have a column. */
  finish(): { blocks: Block[]; columns: AttributeColumn[] } {
    if (this.rest.length > 0) throw new Error("the rows end in the middle of one");
    const blocks = this.blocks
      .filter(({ rows }) => rows > 0)
      .map(({ firstMicros, lastMicros, rows, filter, ranges }) => ({
        firstMicros,
        lastMicros,
        rows,
        words: filter.finish(),
        ranges: this.values.rangesOf(ranges),
      }));
    return { blocks, columns: this.values.columns() };
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, data?: Buffer) => void): void {
    const source = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let start = 0;
    let length = 0;
    let target: Buffer = Buffer.allocUnsafe(source.length * 2);
    for (;;) {
      const row = this.readRow(source, start);
      if (!row) break;
      const { block, attributes, end } = row;
      const most = length + end - start + this.values.mostBytes(end - attributes) + 1;
      if (most > target.length) target = Buffer.concat([target.subarray(0, length)], most * 2);
      length += source.copy(target, length, start, end);
      length = this.values.write(source, attributes, end, target, length, block.ranges);
      target[length++] = NEWLINE;
      start = end + 1;
    }
    this.rest = source.subarray(start);
    done(null, target.subarray(0, length));
  }

  /** Takes a row down. @returns where its attributes begin and it ends; null when it is not all there */
  private readRow(source: Buffer, start: number): { block: OpenBlock; attributes: number; end: number } | null {
    const afterMicros = source.indexOf(COMMA, start);
    const afterId = afterMicros < 0 ? -1 : source.indexOf(COMMA, afterMicros + MD5_DIGITS + 2);
    if (afterId < 0) return null;
    const micros = numberAt(source, start, afterMicros);
    const block = this.blockOf(micros);
    // The id is none of the words. What of a row is not there yet is taken again with the rest, which changes nothing.
    const end = block.filter.addText(source, afterId, source.length);
    if (end === source.length) return null;
    this.sum.add(source, afterMicros + 1);
    this.rows++;
    block.firstMicros = Math.min(block.firstMicros, micros);
    block.lastMicros = Math.max(block.lastMicros, micros);
    block.rows++;
    return { block, attributes: block.filter.lastComma + 1, end };
  }

  private blockOf(micros: number): OpenBlock {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle]?.startMicros ?? 0) <= micros) low = middle;
      else high = middle - 1;
    }
    const block = this.blocks[low];
    if (!block) throw new Error("there is no block for an entry");
    return block;
  }
}

/** Of decimal digits, perhaps behind a minus. */
function numberAt(source: Buffer, from: number, to: number): number {
  const isNegative = source[from] === 0x2d;
  let number = 0;
  for (let at = isNegative ? from + 1 : from; at < to; at++) number = number * 10 + (source[at] as number) - 0x30;
  return isNegative ? -number : number;
}
