import { Transform } from "node:stream";
import { WordFilterBuilder } from "../word-filter";
import { ContentSum } from "./entry-hash";

/** Times in microseconds since 1970, both inclusive. */
export type Block = { firstMicros: number; lastMicros: number; rows: number; words: Buffer };

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MD5_DIGITS = 32;

type OpenBlock = {
  startMicros: number;
  firstMicros: number;
  lastMicros: number;
  rows: number;
  filter: WordFilterBuilder;
};

/**
 * Lets the CSV of a segment's entries pass, whose first columns are the time in microseconds, the MD5 and the id, and takes down by
 * block of time how many there are and what words are in them.
 */
export class RowsWatcher extends Transform {
  readonly sum = new ContentSum();
  rows = 0;
  private readonly blocks: OpenBlock[];
  private rest: Buffer = Buffer.alloc(0);

  /** @param starts where blocks begin, microseconds since 1970, ascending; the first one is before every entry */
  constructor(starts: readonly number[]) {
    super();
    this.blocks = starts.map((startMicros) => ({
      startMicros,
      firstMicros: Number.POSITIVE_INFINITY,
      lastMicros: Number.NEGATIVE_INFINITY,
      rows: 0,
      filter: new WordFilterBuilder(),
    }));
  }

  /** What was seen, by blocks that have entries. */
  finishBlocks(): Block[] {
    if (this.rest.length > 0) throw new Error("the rows end in the middle of one");
    return this.blocks
      .filter(({ rows }) => rows > 0)
      .map(({ firstMicros, lastMicros, rows, filter }) => ({ firstMicros, lastMicros, rows, words: filter.finish() }));
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, data?: Buffer) => void): void {
    const source = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let start = 0;
    let isQuoted = false;
    for (let at = 0; at < source.length; at++) {
      const byte = source[at];
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === NEWLINE && !isQuoted) {
        this.takeRow(source, start, at);
        start = at + 1;
      }
    }
    this.rest = source.subarray(start);
    done(null, chunk);
  }

  private takeRow(source: Buffer, from: number, to: number): void {
    const afterMicros = source.indexOf(COMMA, from);
    const micros = Number(source.toString("latin1", from, afterMicros));
    this.sum.add(source, afterMicros + 1);
    this.rows++;
    const block = this.blockOf(micros);
    block.firstMicros = Math.min(block.firstMicros, micros);
    block.lastMicros = Math.max(block.lastMicros, micros);
    block.rows++;
    // The id is none of the words.
    block.filter.addText(source, source.indexOf(COMMA, afterMicros + MD5_DIGITS + 2), to);
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
