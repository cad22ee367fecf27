import { POSTGRES_EPOCH_MICROS } from "@/core/ingest/row-block";
import type { EntryBytes } from "./entry-bytes";

/** Signature, flags and the length of an extension that there is none of. */
const HEADER_BYTES = 19;
const COLUMNS = 8;
const END = 0xffff;

/** In the order in which CopyRows reads them. */
export const COPIED_COLUMNS = "id, timestamp, service, level, message, pattern, tags, attributes";

/**
 * Reads rows in PostgreSQL's binary COPY format (documentation of COPY, "Binary Format"), with COPIED_COLUMNS, from pieces that end
 * anywhere.
 */
export class CopyRows {
  private rest: Buffer = Buffer.alloc(0);
  private isBegun = false;
  private isOver = false;
  private readonly entry: EntryBytes = {
    source: this.rest,
    idHigh: 0,
    idLow: 0,
    micros: 0,
    patternHigh: 0,
    patternLow: 0,
    hasPattern: false,
    service: { from: 0, end: 0 },
    level: { from: 0, end: 0 },
    message: { from: 0, end: 0 },
    tags: { from: 0, end: 0 },
    tagsSource: this.rest,
    attributes: { from: 0, end: 0 },
  };

  /** @param add is given each entry, in an object that is used again */
  constructor(private readonly add: (entry: EntryBytes) => void) {}

  read(piece: Buffer): void {
    const source = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    let at = 0;
    if (!this.isBegun) {
      if (source.length < HEADER_BYTES) {
        this.rest = source;
        return;
      }
      at = HEADER_BYTES + source.readUInt32BE(HEADER_BYTES - 4);
      this.isBegun = true;
    }
    for (let next = this.readRow(source, at); next >= 0; next = this.readRow(source, at)) at = next;
    this.rest = source.subarray(at);
  }

  /** @throws Error when the rows have not ended */
  finish(): void {
    if (!this.isOver) throw new Error("the rows end in the middle");
  }

  /** @returns where the next one begins; -1 when it is not all there */
  private readRow(source: Buffer, from: number): number {
    if (from + 2 > source.length) return -1;
    const columns = source.readUInt16BE(from);
    if (columns === END) {
      this.isOver = true;
      return -1;
    }
    if (columns !== COLUMNS) throw new Error(`a row has ${columns} columns`);
    const { entry } = this;
    const { service, level, message, tags, attributes } = entry;
    const id = from + 2 + 4;
    const time = id + 8 + 4;
    let at = time + 8;
    if (at > source.length) return -1;
    at = place(source, at, service);
    if (at >= 0) at = place(source, at, level);
    if (at >= 0) at = place(source, at, message);
    if (at < 0 || at + 4 > source.length) return -1;
    entry.hasPattern = source.readInt32BE(at) >= 0;
    at += 4;
    if (entry.hasPattern) {
      if (at + 8 > source.length) return -1;
      entry.patternHigh = source.readInt32BE(at);
      entry.patternLow = source.readUInt32BE(at + 4);
      at += 8;
    }
    at = place(source, at, tags);
    if (at >= 0) at = place(source, at, attributes);
    if (at < 0) return -1;
    entry.source = source;
    entry.idHigh = source.readInt32BE(id);
    entry.idLow = source.readUInt32BE(id + 4);
    entry.micros = source.readInt32BE(time) * 0x1_0000_0000 + source.readUInt32BE(time + 4) + POSTGRES_EPOCH_MICROS;
    if (tags.from >= 0) this.takeTags(source, tags);
    this.add(entry);
    return at;
  }

  /** As JSON text. */
  private takeTags(source: Buffer, { from, end }: { from: number; end: number }): void {
    const { entry } = this;
    const texts: string[] = [];
    // Behind dimensions, flag, type, length and lower bound of the one dimension; an empty array has none.
    for (let at = from + 20; at < end; ) {
      const size = source.readInt32BE(at);
      texts.push(source.toString("utf8", at + 4, at + 4 + size));
      at += 4 + size;
    }
    entry.tagsSource = Buffer.from(JSON.stringify(texts));
    entry.tags.from = 0;
    entry.tags.end = entry.tagsSource.length;
  }
}

/** Finds a value whose length stands before it. @returns where it ends; -1 when it is not all there */
function place(source: Buffer, at: number, target: { from: number; end: number }): number {
  if (at + 4 > source.length) return -1;
  const size = source.readInt32BE(at);
  if (size < 0) {
    target.from = -1;
    target.end = -1;
    return at + 4;
  }
  target.from = at + 4;
  target.end = at + 4 + size;
  return target.end > source.length ? -1 : target.end;
}
