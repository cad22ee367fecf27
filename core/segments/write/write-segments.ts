import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type SQL, sql } from "drizzle-orm";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import type { AttributeColumn } from "../attribute-columns";
import { type Duck, entriesOf, quoted } from "../duck";
import { chooseColumns } from "./choose-columns";
import { COPIED_COLUMNS, CopyRows } from "./copy-rows";
import type { EntryBytes } from "./entry-bytes";
import { compareEntries } from "./entry-hash";
import { type Block, type BlockSize, StagedRows } from "./staged-rows";
import { TEXT_COLUMNS, TEXT_ROWS, TextRows } from "./text-rows";
import { type WrittenFile, writeFile } from "./write-file";

/** A segment that is being made: its path in the store, and the local file in which it is written. */
export type SegmentFile = { path: string; file: string };

/** What its file holds, and what is known of its times. */
export type WrittenSegment = WrittenFile & SegmentFile & { blocks: Block[]; attributeColumns: AttributeColumn[] };

/** How segments are written. */
export type Writing = {
  duck: Duck;
  newFile(): SegmentFile;
  /** Severe entries get a file of their own, where who looks for them passes over nothing else. */
  splits: boolean;
  /** Of one block (LIMITS.blockEntries), if they are not too long for so many. */
  blockEntries: number;
};

/** So many entries tell which attributes are worth a column. */
const SAMPLE = 2_000;

const sampleSchema = z.array(z.tuple([z.string()])).transform((rows) => rows.map(([document]) => document));

/**
 * Writes the entries of a time as files of segments, as the transaction of `client` sees them.
 * @throws Error when what was written, read back, is not what was read
 */
export async function writeEntries(
  writing: Writing,
  client: pg.PoolClient,
  { from, to }: { from: Date; to: Date },
): Promise<WrittenSegment[]> {
  // The times are dates of ours, and COPY takes no parameters.
  const within = `timestamp >= '${from.toISOString()}' and timestamp < '${to.toISOString()}'`;
  const sampled = await client.query({
    text: `select attributes::text from logs.logs where ${within} and attributes is not null limit ${SAMPLE}`,
    rowMode: "array",
  });
  // They lie nearly in this order, so that it takes little; where they do not, beyond so much they are sorted on the disk.
  await client.query("set local work_mem = '64MB'");
  const copy = `copy (select ${COPIED_COLUMNS} from logs.logs where ${within} order by timestamp, id) to stdout (format binary)`;
  const written = await stageAndWrite(
    writing,
    await chooseColumns(sampleSchema.parse(sampled.rows)),
    async (add, flush) => {
      const reader = new CopyRows(add);
      for await (const piece of client.query(copyTo(copy))) {
        reader.read(piece);
        await flush();
      }
      reader.finish();
    },
  );
  const rows = written.reduce((sum, segment) => sum + segment.rows, 0);
  const all = entriesOf(written.map(({ file }) => file));
  if (rows > 0) await compareEntries(client, within, writing.duck, all, rows);
  return written;
}

const documentSchema = z.object({ attributes: z.string() });

/**
 * Writes entries of other segments as files of segments.
 * @param entries a statement of DuckDB that gives ENTRY_COLUMNS
 * @throws Error when what was written, read back, is not what was read
 */
export async function rewriteEntries(writing: Writing, entries: SQL): Promise<WrittenSegment[]> {
  const { duck } = writing;
  const { file } = writing.newFile();
  await mkdir(path.dirname(file), { recursive: true });
  const source = `${file}.source`;
  const documents = await duck.read(
    sql`select attributes from (${entries}) where attributes is not null limit ${sql.raw(String(SAMPLE))}`,
    documentSchema,
  );
  await duck.read(
    sql`copy (select ${sql.raw(TEXT_COLUMNS)} from (
        select * replace (to_json(tags)::varchar as tags), epoch_us("timestamp") as micros from (${entries})) order by micros, id)
      to ${sql.raw(quoted(source))} (${sql.raw(TEXT_ROWS)})`,
    z.unknown(),
  );
  const paths = await chooseColumns(documents.map(({ attributes }) => attributes));
  const written = await stageAndWrite(writing, paths, async (add, flush) => {
    const reader = new TextRows(add);
    for await (const piece of createReadStream(source)) {
      reader.read(piece);
      await flush();
    }
    reader.finish();
  });
  await rm(source);
  return written;
}

const SEVERE_LETTERS = ["error", "fatal"].map((level) => level.charCodeAt(0));

/** By the first letter of its level, which no other one has. */
const isSevere = ({ source, level }: EntryBytes): boolean => SEVERE_LETTERS.includes(source[level.from] ?? 0);

/** @param read gives all entries, in order of time and id, and lets what has come be written between them */
async function stageAndWrite(
  { duck, newFile, splits, blockEntries }: Writing,
  paths: readonly string[],
  read: (add: (entry: EntryBytes) => void, flush: () => Promise<void>) => Promise<void>,
): Promise<WrittenSegment[]> {
  const block = { entries: blockEntries, textBytes: duck.rowGroupTextBytes };
  const rest = await Part.create(newFile(), paths, block);
  const severe = splits ? await Part.create(newFile(), paths, block) : rest;
  const parts = splits ? [rest, severe] : [rest];
  try {
    await read(
      (entry) => (isSevere(entry) ? severe : rest).rows.add(entry),
      async () => {
        for (const part of parts) await part.rows.flush();
      },
    );
  } catch (error) {
    await Promise.all(parts.map((part) => part.rows.close()));
    throw error;
  }
  const written: WrittenSegment[] = [];
  for (const part of parts) {
    const { blocks, ...staged } = await part.rows.finish();
    if (staged.totals.rows === 0) continue;
    const file = await writeFile(duck, part.staged, part.made.file, { ...staged, paths });
    written.push({ ...part.made, ...file, blocks, attributeColumns: staged.columns });
  }
  return written;
}

/** What becomes one file. */
class Part {
  private constructor(
    readonly made: SegmentFile,
    readonly staged: string,
    readonly rows: StagedRows,
  ) {}

  static async create(made: SegmentFile, paths: readonly string[], block: BlockSize): Promise<Part> {
    await mkdir(path.dirname(made.file), { recursive: true });
    const staged = `${made.file}.staged`;
    return new Part(made, staged, await StagedRows.create(staged, paths, block));
  }
}
