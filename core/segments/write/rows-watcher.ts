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
const QUOTE = 0x22;
const COMMA = 0x2c;
const MD5_DIGITS = 32;

/** Places in CSV: where a row begins, its last field begins, and it ends. */
type Row = { start: number; attributes: number; end: number };

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
    const rows: Row[] = [];
    let start = 0;
    let comma = 0;
    let isQuoted = false;
    for (let at = 0; at < source.length; at++) {
      const byte = source[at];
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (isQuoted) continue;
      else if (byte === COMMA) comma = at;
      else if (byte === NEWLINE) {
        rows.push({ start, attributes: comma + 1, end: at });
        start = at + 1;
      }
    }
    this.rest = source.subarray(start);
    const target = Buffer.allocUnsafe(
      rows.reduce((sum, { attributes, end }) => sum + this.values.mostBytes(end - attributes), start),
    );
    let length = 0;
    for (const row of rows) length = this.takeRow(source, row, target, length);
    done(null, target.subarray(0, length));
  }

  /** @returns where `target` goes on behind the row */
  private takeRow(source: Buffer, { start, attributes, end }: Row, target: Buffer, targetAt: number): number {
    const afterMicros = source.indexOf(COMMA, start);
    const micros = Number(source.toString("latin1", start, afterMicros));
    this.sum.add(source, afterMicros + 1);
    this.rows++;
    const block = this.blockOf(micros);
    block.firstMicros = Math.min(block.firstMicros, micros);
    block.lastMicros = Math.max(block.lastMicros, micros);
    block.rows++;
    // The id is none of the words.
    block.filter.addText(source, source.indexOf(COMMA, afterMicros + MD5_DIGITS + 2), end);
    const copied = targetAt + source.copy(target, targetAt, start, end);
    const written = this.values.write(source, attributes, end, target, copied, block.ranges);
    target[written] = NEWLINE;
    return written + 1;
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
