import { LEVELS } from "@/core/levels";
import { type Fingerprint, toPatternId } from "@/core/patterns/fingerprint-message";
import { PatternCache } from "@/core/patterns/pattern-cache";
import { patternSample } from "@/core/patterns/scan-sample";
import { MOST_ORDINALS } from "./entry-id";
import { WARNING } from "./level";
import { type PatternedMessage, type ServiceTally, Tally, type TallyParts } from "./tally";

/** PostgreSQL counts microseconds from 2000-01-01. */
export const POSTGRES_EPOCH_MICROS = 946_684_800_000_000;
const COLUMNS = 8;
/** From the start of a row to the value of its first column: the number of columns, and the value's length. */
const ID_OFFSET = 6;
const TEXT_OID = 25;
/** At most of a row besides service, message, attributes and each tag: lengths, id, time, pattern, the longest level, and 20 before tags. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 3 * 8 + Math.max(...LEVELS.map((level) => level.length)) + 20;
const LEVEL_NAMES = LEVELS.map((level) => Buffer.from(level));
/** Bytes up to which copying one by one costs less than the view that a bulk copy needs (measured: both 60 ns at 40). */
const SMALL_COPY = 40;
/** V8 keeps numbers of so many bytes beside their object; longer ones cost memory of their own, which matters for one line a request. */
const FIRST_ROWS = 16;
/** Of a usual row, from which the number of rows is guessed. */
const USUAL_ROW_BYTES = 512;
const LEAST_BYTES = 1024;

const patternCache = new PatternCache();

/** What a block is written into. */
export type BlockMemory = {
  bytes: ArrayBuffer;
  starts: Uint32Array<ArrayBuffer>;
  indices: Uint32Array<ArrayBuffer>;
};

/** A block as it goes from one thread to another: its memory is handed over, not copied. */
export type BlockParts = BlockMemory & {
  length: number;
  rows: number;
  masked: ReadonlyMap<number, number>;
  counts: TallyParts;
};

export type Row = {
  /** Microseconds since 1970-01-01 UTC. */
  micros: number;
  service: ServiceTally;
  /** Index in LEVELS. */
  level: number;
  message: Buffer;
  messageFrom: number;
  messageEnd: number;
  tags: readonly Buffer[] | null;
  /** JSON text that stands in one piece in `attributesSource`; `attributesFrom` is -1 for none. */
  attributesSource: Buffer;
  attributesFrom: number;
  attributesEnd: number;
  /** Which entry of the request this is. */
  index: number;
  /** Places in which something was masked. */
  masked: number;
};

/**
 * Rows in PostgreSQL's binary COPY format (documentation of COPY, "Binary Format"), in the column order of COPY_COLUMNS,
 * with the counts of what they hold. Binary because nothing has to be escaped and the server has no dates to parse.
 */
export class RowBlock {
  private buffer: Buffer<ArrayBuffer>;
  private length = 0;
  private rowCount = 0;
  /** Where each row begins in the bytes. Longer than there are rows, as the next one is. */
  private starts: Uint32Array<ArrayBuffer>;
  private indexOfRow: Uint32Array<ArrayBuffer>;
  /** By row, of those that have any: places in which something was masked. */
  private masked = new Map<number, number>();
  /** Somebody reads the rows beyond their commit, so that their memory is not free after it. */
  isKept = false;

  /**
   * @param capacity bytes expected; it grows
   * @param memory of a block that is done with; absent: new memory
   */
  constructor(
    capacity = 4096,
    readonly tally = new Tally(),
    { bytes, starts, indices }: BlockMemory = newMemory(capacity),
  ) {
    this.buffer = Buffer.from(bytes);
    this.starts = starts;
    this.indexOfRow = indices;
  }

  /** A block that another thread has filled. */
  static of({ length, rows, masked, counts, ...memory }: BlockParts): RowBlock {
    const block = new RowBlock(length, Tally.of(counts), memory);
    block.length = length;
    block.rowCount = rows;
    block.masked = new Map(masked);
    return block;
  }

  /** For another thread: the block must not be used any more. @param transfer gets what is to be handed over, not copied */
  toParts(transfer: ArrayBuffer[]): BlockParts {
    const { length, rowCount: rows, masked } = this;
    const counts = this.tally.toParts();
    transfer.push(counts.minutes.buffer);
    return { ...this.toMemory(transfer), length, rows, masked, counts };
  }

  /** Only what it is written into, of a block that is done with. @param transfer as toParts */
  toMemory(transfer: ArrayBuffer[]): BlockMemory {
    const { buffer, starts, indexOfRow: indices } = this;
    transfer.push(buffer.buffer, starts.buffer, indices.buffer);
    return { bytes: buffer.buffer, starts, indices };
  }

  get rows(): number {
    return this.rowCount;
  }

  /** For each row the index of its entry in the request. */
  get indices(): Uint32Array {
    return this.indexOfRow.subarray(0, this.rowCount);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  add(row: Row): void {
    const { service, level, message, messageFrom, messageEnd, tags, attributesFrom, attributesEnd, micros } = row;
    const levelName = LEVEL_NAMES[level] as Buffer;
    const pattern = patternCache.patternOf(message, messageFrom, messageEnd);
    let needed = FIXED_BYTES + service.bytes.length + messageEnd - messageFrom + attributesEnd - attributesFrom;
    if (tags) for (const tag of tags) needed += 4 + tag.length;
    this.reserve(needed);

    this.beginRow(row.index);
    this.putInt16(COLUMNS);
    this.putInt32(8);
    this.length += 8; // the id, see numberRows
    this.putInt32(8);
    const sinceEpoch = Math.floor(micros) - POSTGRES_EPOCH_MICROS;
    this.putInt32(Math.floor(sinceEpoch / 0x1_0000_0000));
    this.putInt32(sinceEpoch % 0x1_0000_0000);
    this.putField(service.bytes, 0, service.bytes.length);
    this.putField(levelName, 0, levelName.length);
    this.putField(message, messageFrom, messageEnd);
    this.putPattern(pattern);
    this.putTags(tags);
    if (attributesFrom < 0) this.putInt32(-1);
    else this.putField(row.attributesSource, attributesFrom, attributesEnd);
    this.endRow(service, row.masked);
    this.tally.add(service, micros, level, countedPattern(level, pattern, message, messageFrom, messageEnd));
  }

  private beginRow(index: number): void {
    const { rowCount } = this;
    if (rowCount === this.starts.length) {
      this.starts = twiceAsLong(this.starts);
      this.indexOfRow = twiceAsLong(this.indexOfRow);
    }
    this.starts[rowCount] = this.length;
    this.indexOfRow[rowCount] = index;
  }

  private endRow(service: ServiceTally, masked: number): void {
    if (masked > 0) {
      service.masked += masked;
      this.masked.set(this.rowCount, masked);
    }
    this.rowCount++;
  }

  /**
   * Gives the rows their ids (entry-id.ts). Doing it again, for another transaction, replaces them.
   * @param ordinal of the first row
   * @throws RangeError when a transaction holds more entries than ids
   */
  numberRows(transaction: number, ordinal: number): void {
    if (ordinal + this.rows > MOST_ORDINALS) throw new RangeError("a transaction can't hold so many entries");
    const { buffer, starts, rowCount } = this;
    const view = new DataView(buffer.buffer, buffer.byteOffset, this.length);
    const high = Math.floor(transaction / 0x100);
    const low = (transaction % 0x100) * MOST_ORDINALS + ordinal;
    for (let row = 0; row < rowCount; row++) {
      const at = (starts[row] as number) + ID_OFFSET;
      view.setUint32(at, high);
      view.setUint32(at + 4, low + row);
    }
  }

  private reserve(needed: number): void {
    if (this.length + needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + needed));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }

  private putInt16(value: number): void {
    this.buffer[this.length++] = value >>> 8;
    this.buffer[this.length++] = value;
  }

  private putInt32(value: number): void {
    const { buffer, length } = this;
    buffer[length] = value >>> 24;
    buffer[length + 1] = value >>> 16;
    buffer[length + 2] = value >>> 8;
    buffer[length + 3] = value;
    this.length = length + 4;
  }

  private putField(source: Uint8Array, from: number, end: number): void {
    this.putInt32(end - from);
    this.putBytes(source, from, end);
  }

  private putBytes(source: Uint8Array, from: number, end: number): void {
    const { buffer } = this;
    let { length } = this;
    if (end - from <= SMALL_COPY) for (let at = from; at < end; at++) buffer[length++] = source[at] as number;
    else {
      buffer.set(source.subarray(from, end), length);
      length += end - from;
    }
    this.length = length;
  }

  private putPattern({ high, low }: Fingerprint): void {
    this.putInt32(8);
    this.putInt32(high);
    this.putInt32(low);
  }

  /** A one-dimensional array: dimensions, has-null flag, element type, then length and lower bound of the dimension. */
  private putTags(tags: readonly Buffer[] | null): void {
    if (!tags) {
      this.putInt32(-1);
      return;
    }
    let size = tags.length > 0 ? 20 : 12;
    for (const tag of tags) size += 4 + tag.length;
    this.putInt32(size);
    this.putInt32(tags.length > 0 ? 1 : 0);
    this.putInt32(0);
    this.putInt32(TEXT_OID);
    if (tags.length === 0) return;
    this.putInt32(tags.length);
    this.putInt32(1);
    for (const tag of tags) this.putField(tag, 0, tag.length);
  }

  /** The same without some rows, counted anew. */
  without(rows: ReadonlySet<number>): RowBlock {
    const rest = new RowBlock(this.length);
    for (const [row, index] of this.indices.entries()) {
      if (!rows.has(row)) rest.addStored(this.buffer, this.starts[row] ?? 0, index, this.masked.get(row) ?? 0);
    }
    return rest;
  }

  /** Splits into the part before row `middle` and the rest, counted anew: how a row that PostgreSQL refuses is found. */
  split(middle: number): [RowBlock, RowBlock] {
    const parts: [RowBlock, RowBlock] = [new RowBlock(this.length), new RowBlock(this.length)];
    let at = 0;
    for (let index = 0; index < this.rows; index++) {
      at = parts[index < middle ? 0 : 1].addStored(
        this.buffer,
        at,
        this.indexOfRow[index] as number,
        this.masked.get(index) ?? 0,
      );
    }
    return parts;
  }

  /** Adds the binary row that starts at `from` of another block; returns where the next one starts. */
  private addStored(source: Buffer, from: number, index: number, masked: number): number {
    const fields: { from: number; end: number }[] = [];
    let at = from + 2;
    for (let column = 0; column < COLUMNS; column++) {
      const size = source.readInt32BE(at);
      const end = at + 4 + Math.max(size, 0);
      fields.push({ from: at + 4, end });
      at = end;
    }
    const [, timestamp, serviceName, levelName, message] = fields;
    if (!timestamp || !serviceName || !levelName || !message)
      throw new RangeError("a row has fewer columns than a row has");
    const micros = Number(source.readBigInt64BE(timestamp.from)) + POSTGRES_EPOCH_MICROS;
    const service = this.tally.serviceOf(source, serviceName.from, serviceName.end);
    const level = LEVEL_NAMES.findIndex((name) => name.equals(source.subarray(levelName.from, levelName.end)));
    this.reserve(at - from);
    this.beginRow(index);
    this.putBytes(source, from, at);
    this.endRow(service, masked);
    const pattern = patternCache.patternOf(source, message.from, message.end);
    this.tally.add(service, micros, level, countedPattern(level, pattern, source, message.from, message.end));
    return at;
  }
}

const newMemory = (capacity: number): BlockMemory => ({
  bytes: Buffer.allocUnsafeSlow(Math.max(capacity, LEAST_BYTES)).buffer,
  starts: new Uint32Array(Math.max(capacity / USUAL_ROW_BYTES, FIRST_ROWS)),
  indices: new Uint32Array(Math.max(capacity / USUAL_ROW_BYTES, FIRST_ROWS)),
});

function twiceAsLong(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}

/** Patterns are counted of warnings and worse. */
function countedPattern(
  level: number,
  pattern: Fingerprint,
  message: Uint8Array,
  from: number,
  end: number,
): PatternedMessage | null {
  if (level < WARNING) return null;
  return { id: toPatternId(pattern), sample: patternSample(message.subarray(from, end)) };
}
