import { type FileHandle, open } from "node:fs/promises";
import { compact, type Field, i32, i64, list, struct, text, varint } from "./compact";
import { PLAIN_TYPES, type PlainColumn } from "./plain-column";

const MAGIC = Buffer.from("PAR1");
/** Numbers of parquet.thrift. */
const OPTIONAL = 1;
const UTF8 = 0;
const PLAIN = 0;
const RLE = 3;
const DATA_PAGE = 0;
const UNCOMPRESSED = 0;

/**
 * A Parquet file on the way of entries into a segment: columns that may all be null, one page each and row group, plain and uncompressed, as
 * DuckDB reads them in a fifth of the time of delimited text, and nothing has to be quoted.
 */
export class StagedFile {
  private readonly groups: Field[] = [];
  private columns: readonly PlainColumn[] = [];
  private at = 0;
  private entries = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(file: string): Promise<StagedFile> {
    const staged = new StagedFile(await open(file, "wx"));
    await staged.write([MAGIC]);
    return staged;
  }

  /** Writes what columns have as a row group, and clears them. @param columns the same ones each time, with as many entries each */
  async addGroup(columns: readonly PlainColumn[]): Promise<void> {
    this.columns = columns;
    const from = this.at;
    const pieces: Buffer[] = [];
    const chunks: Field[] = [];
    let entries = 0;
    let at = from;
    for (const column of columns) {
      const page = pageOf(column);
      const size = page.pieces.reduce((sum, piece) => sum + piece.length, 0);
      chunks.push(chunkOf(column, page.entries, at, size));
      pieces.push(...page.pieces);
      entries = page.entries;
      at += size;
    }
    if (entries === 0) return;
    this.groups.push(struct([1, list("struct", chunks)], [2, i64(at - from)], [3, i64(entries)]));
    this.entries += entries;
    await this.write(pieces);
    for (const column of columns) column.clear();
  }

  async finish(): Promise<void> {
    const root = struct([4, text("schema")], [5, i32(this.columns.length)]);
    const columns = this.columns.map(({ name, type }) =>
      struct(
        [1, i32(PLAIN_TYPES[type])],
        [3, i32(OPTIONAL)],
        [4, text(name)],
        ...(type === "text" ? [[6, i32(UTF8)] as const] : []),
      ),
    );
    const footer = compact([
      [1, i32(1)],
      [2, list("struct", [root, ...columns])],
      [3, i64(this.entries)],
      [4, list("struct", this.groups)],
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(footer.length);
    await this.write([footer, size, MAGIC]);
    await this.close();
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async write(pieces: readonly Buffer[]): Promise<void> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const { bytesWritten } = await this.handle.writev(pieces);
    if (bytesWritten !== length) throw new Error(`${bytesWritten} of ${length} bytes were written; is the disk full?`);
    this.at += length;
  }
}

function pageOf(column: PlainColumn): { entries: number; pieces: Buffer[] } {
  const { entries, present, values } = column.content;
  // One run of bits, each of which is a level: 1 where there is a value.
  const run = Buffer.from(varint((present.length << 1) | 1));
  const levels = Buffer.alloc(4 + run.length);
  levels.writeUInt32LE(run.length + present.length);
  run.copy(levels, 4);
  const size = levels.length + present.length + values.length;
  const header = compact([
    [1, i32(DATA_PAGE)],
    [2, i32(size)],
    [3, i32(size)],
    [5, struct([1, i32(entries)], [2, i32(PLAIN)], [3, i32(RLE)], [4, i32(RLE)])],
  ]);
  return { entries, pieces: [header, levels, Buffer.from(present), values] };
}

const chunkOf = ({ name, type }: PlainColumn, entries: number, at: number, size: number): Field =>
  struct(
    [2, i64(at)],
    [
      3,
      struct(
        [1, i32(PLAIN_TYPES[type])],
        [2, list("i32", [i32(PLAIN), i32(RLE)])],
        [3, list("text", [text(name)])],
        [4, i32(UNCOMPRESSED)],
        [5, i64(entries)],
        [6, i64(size)],
        [7, i64(size)],
        [9, i64(at)],
      ),
    ],
  );
