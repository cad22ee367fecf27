import { LEVELS } from "@/core/levels";
import type { EntryRow } from "@/core/search/entry-row";
import { POSTGRES_EPOCH_MICROS } from "./row-block";

/** Rows as RowBlock has them, with their ids. */
export type WrittenRows = { bytes: Buffer };

/** The entries of a block that has been written, as a search would find them. */
export function* readRows({ bytes }: WrittenRows): Generator<EntryRow> {
  for (let at = 0; at < bytes.length; ) {
    const { row, end } = readRow(bytes, at);
    at = end;
    yield row;
  }
}

/** The entry whose row begins at a place, and where the row ends. */
export function readRow(bytes: Buffer, from: number): { row: EntryRow; end: number } {
  const columns = bytes.readInt16BE(from);
  let at = from + 2;
  const fields: (Buffer | null)[] = [];
  for (let column = 0; column < columns; column++) {
    const size = bytes.readInt32BE(at);
    at += 4;
    fields.push(size < 0 ? null : bytes.subarray(at, at + size));
    at += Math.max(size, 0);
  }
  const [id, timestamp, service, level, message, pattern, tags, attributes] = fields;
  if (!id || !timestamp || !service || !level || !message) throw new RangeError("a row lacks a column");
  const row = {
    id: String(id.readBigInt64BE()),
    micros: String(timestamp.readBigInt64BE() + BigInt(POSTGRES_EPOCH_MICROS)),
    service: service.toString("utf8"),
    level: levelOf(level.toString("latin1")),
    message: message.toString("utf8"),
    pattern: pattern ? String(pattern.readBigInt64BE()) : null,
    tags: tags ? readTags(tags) : null,
    attributes: attributes?.toString("utf8") ?? null,
  };
  return { row, end: at };
}

function levelOf(name: string) {
  const level = LEVELS.find((known) => known === name);
  if (!level) throw new RangeError(`no level ${name}`);
  return level;
}

/** Of RowBlock's putTags: dimensions, flag, type, then for one dimension its length and lower bound, then the elements. */
function readTags(array: Buffer): string[] {
  const tags: string[] = [];
  if (array.readInt32BE(0) === 0) return tags;
  for (let at = 20; at < array.length; ) {
    const size = array.readInt32BE(at);
    tags.push(array.toString("utf8", at + 4, at + 4 + size));
    at += 4 + size;
  }
  return tags;
}
