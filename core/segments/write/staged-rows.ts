import { LIMITS } from "@/core/limits";
import type { AttributeColumn } from "../attribute-columns";
import { WordFilterBuilder } from "../word-filter";
import type { Totals } from "./check-content";
import { ColumnValues, type OpenRanges, type Ranges } from "./column-values";
import type { EntryBytes } from "./entry-bytes";
import { GroupSize } from "./group-size";
import { PlainColumn } from "./plain-column";
import { StagedFile } from "./staged-file";

/** Times in microseconds since 1970, both inclusive. */
export type Block = {
  firstMicros: number;
  lastMicros: number;
  rows: number;
  words: Buffer;
  /** Of the columns of numbers. */
  ranges: Ranges;
};

/** What is known of a staged file when it is complete. */
export type Staged = {
  columns: AttributeColumn[];
  /** Of a row group of its segment's file. */
  groupEntries: number;
  totals: Totals;
};

/** What one block has at the most. */
export type BlockSize = { entries: number; textBytes: number };

/** Of values that are written at once. */
const GROUP_BYTES = 4 * 1024 * 1024;

type OpenBlock = {
  firstMicros: number;
  lastMicros: number;
  rows: number;
  textBytes: number;
  filter: WordFilterBuilder;
  ranges: OpenRanges;
};

/** A sum of integers of 64 bits, by halves, which are whole numbers for millions of them. */
class Sum {
  private high = 0;
  private low = 0;

  add(high: number, low: number): void {
    this.high += high;
    this.low += low;
  }

  get value(): bigint {
    return (BigInt(this.high) << 32n) + BigInt(this.low);
  }
}

/**
 * Writes entries, which come in the order of a segment's, into a staged file (staged-file.ts) with what its own file is made of: their
 * columns, and those of attributes that may get one. Takes down by block how many entries there are and what words and numbers are in them.
 */
export class StagedRows {
  private readonly ids = new PlainColumn("id", "integer");
  private readonly times = new PlainColumn("micros", "integer");
  private readonly services = new PlainColumn("service", "text");
  private readonly levels = new PlainColumn("level", "text");
  private readonly messages = new PlainColumn("message", "text");
  private readonly patterns = new PlainColumn("pattern", "integer");
  private readonly tags = new PlainColumn("tags", "text");
  private readonly attributes = new PlainColumn("attributes", "text");
  private readonly values: ColumnValues;
  private readonly columns: readonly PlainColumn[];
  private readonly blocks: Block[] = [];
  private block: OpenBlock;
  private readonly idSum = new Sum();
  private readonly patternSum = new Sum();
  private readonly microsSum = new Sum();
  private readonly bytes = { services: 0, levels: 0, messages: 0, attributes: 0 };
  private rows = 0;
  private readonly groupSize: GroupSize;

  private constructor(
    private readonly staged: StagedFile,
    paths: readonly string[],
    private readonly most: BlockSize,
  ) {
    this.groupSize = new GroupSize(most.textBytes);
    this.values = new ColumnValues(paths);
    this.columns = [
      this.ids,
      this.times,
      this.services,
      this.levels,
      this.messages,
      this.patterns,
      this.tags,
      this.attributes,
      ...this.values.cells,
    ];
    this.block = this.newBlock();
  }

  /** @param paths of the attributes that may get columns @param most of a block, and of texts in a row group too */
  static async create(file: string, paths: readonly string[], most: BlockSize): Promise<StagedRows> {
    return new StagedRows(await StagedFile.create(file), paths, most);
  }

  private newBlock = (): OpenBlock => ({
    firstMicros: Number.POSITIVE_INFINITY,
    lastMicros: Number.NEGATIVE_INFINITY,
    rows: 0,
    textBytes: 0,
    filter: new WordFilterBuilder(),
    ranges: this.values.newRanges(),
  });

  add(entry: EntryBytes): void {
    const { source, micros, service, level, message, tags, tagsSource, attributes } = entry;
    const textBytes = message.end - message.from + tags.end - tags.from + attributes.end - attributes.from;
    const isFull = this.block.rows === this.most.entries || this.block.textBytes + textBytes > this.most.textBytes;
    if (isFull && this.block.rows > 0) this.endBlock();
    const { block, bytes } = this;
    const { filter } = block;
    block.rows++;
    block.textBytes += textBytes;
    this.groupSize.add(textBytes);
    if (micros < block.firstMicros) block.firstMicros = micros;
    if (micros > block.lastMicros) block.lastMicros = micros;
    this.rows++;
    this.idSum.add(entry.idHigh, entry.idLow);
    this.ids.addInteger(entry.idHigh, entry.idLow);
    const microsHigh = Math.floor(micros / 0x1_0000_0000);
    this.microsSum.add(microsHigh, micros - microsHigh * 0x1_0000_0000);
    this.times.addInteger(microsHigh, micros - microsHigh * 0x1_0000_0000);
    bytes.services += service.end - service.from;
    this.services.addWords(source, service.from, service.end, filter);
    bytes.levels += level.end - level.from;
    this.levels.addText(source, level.from, level.end);
    bytes.messages += message.end - message.from;
    this.messages.addWords(source, message.from, message.end, filter);
    if (entry.hasPattern) {
      this.patternSum.add(entry.patternHigh, entry.patternLow);
      this.patterns.addInteger(entry.patternHigh, entry.patternLow);
    } else this.patterns.addNothing();
    if (tags.from >= 0) {
      this.tags.addWords(tagsSource, tags.from, tags.end, filter);
    } else this.tags.addNothing();
    if (attributes.from >= 0) {
      bytes.attributes += attributes.end - attributes.from;
      this.attributes.addWords(source, attributes.from, attributes.end, filter);
    } else this.attributes.addNothing();
    this.values.add(source, attributes.from, attributes.end, block.ranges);
  }

  private endBlock(): void {
    const { firstMicros, lastMicros, rows, filter, ranges } = this.block;
    if (rows > 0) {
      this.blocks.push({ firstMicros, lastMicros, rows, words: filter.finish(), ranges: this.values.rangesOf(ranges) });
    }
    this.block = this.newBlock();
  }

  /** Writes what has come in, when it is much. */
  async flush(): Promise<void> {
    const bytes = this.messages.bytes + this.tags.bytes + this.attributes.bytes;
    if (bytes >= GROUP_BYTES) await this.staged.addGroup(this.columns);
  }

  async finish(): Promise<Staged & { blocks: Block[] }> {
    this.endBlock();
    await this.staged.addGroup(this.columns);
    await this.staged.finish();
    const totals = {
      rows: this.rows,
      ids: this.idSum.value,
      micros: this.microsSum.value,
      patterns: this.patternSum.value,
      ...this.bytes,
    };
    const groupEntries = Math.min(LIMITS.blockEntries, this.groupSize.entries);
    return { blocks: this.blocks, columns: this.values.columns(), groupEntries, totals };
  }

  close = (): Promise<void> => this.staged.close();
}
