import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type SQL, sql } from "drizzle-orm";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { type AttributeColumn, columnNameOf } from "../attribute-columns";
import { type Duck, entriesOf, identifier, quoted } from "../duck";
import { chooseColumns } from "./choose-columns";
import { contentSumOf, ENTRY_MD5 } from "./entry-hash";
import { type Block, RowsWatcher } from "./rows-watcher";

/** Of the columns and their meaning; readers of this version read every smaller one. */
export const FORMAT_VERSION = 2;

/** Row groups small enough to pass over, large enough to be packed well. */
const PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2, row_group_size 61440";

/** Rows on their way from PostgreSQL, or from other segments, into a file. */
const READ_CSV = `header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
  allow_quoted_nulls = false, max_line_size = 2000000, buffer_size = 4000000, strict_mode = true`;
const WRITE_CSV = `format csv, header false, delimiter ',', quote '"', escape '"', nullstr ''`;
const ROW = `'micros': 'BIGINT', 'md5': 'VARCHAR', 'id': 'BIGINT', 'service': 'VARCHAR', 'level': 'VARCHAR', 'message': 'VARCHAR',
  'pattern': 'BIGINT', 'tags': 'VARCHAR', 'attributes': 'VARCHAR'`;

/** So many entries tell which attributes are worth a column. */
const SAMPLE = 2_000;

/** What every segment's file has, whatever its version. */
export const ENTRY_COLUMNS = sql.raw('id, "timestamp", service, level, message, pattern, tags, attributes');

/** What a file holds, as its catalogue names it. */
export type WrittenFile = {
  file: string;
  rows: number;
  bytes: number;
  checksum: string;
  contentSum: string;
  /** Of its entries as text. */
  textBytes: number;
  attributeColumns: AttributeColumn[];
};

const sumSchema = z.object({ rows: z.bigint(), sum: z.string(), textBytes: z.bigint() });

type Content = { rows: number; contentSum: string; textBytes: number };

/** How many entries a table of DuckDB has, their sum (entry-hash.ts), and how long they are as text. */
export async function readContent(duck: Duck, entries: SQL): Promise<Content> {
  const [read] = await duck.read(contentSumOf(entries), sumSchema);
  return { rows: Number(read?.rows ?? 0), contentSum: read?.sum ?? "0", textBytes: Number(read?.textBytes ?? 0) };
}

/** @throws Error when a file has not exactly the entries that it should have */
export async function checkContent(
  duck: Duck,
  file: string,
  expected: { rows: number; contentSum: string },
): Promise<Content> {
  const read = await readContent(duck, entriesOf([file]));
  if (read.rows === expected.rows && read.contentSum === expected.contentSum) return read;
  throw new Error(
    `the segment has ${read.rows} entries with the sum ${read.contentSum} where there should be ${expected.rows} with ${expected.contentSum}`,
  );
}

/** SHA-256 of a file, hexadecimal. */
export async function checksumOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Reads a file back and says what it holds. @throws Error when that is not what was written */
async function finishFile(duck: Duck, file: string, rows: number, contentSum: string) {
  const { textBytes } = await checkContent(duck, file, { rows, contentSum });
  return { file, rows, bytes: (await stat(file)).size, checksum: await checksumOf(file), contentSum, textBytes };
}

/**
 * Writes the entries of a time as a segment's file, as the transaction of `client` sees them.
 * @param starts where its blocks begin, microseconds since 1970
 * @throws Error when what was written, read back, is not what was read
 */
export async function writeEntries(
  duck: Duck,
  client: pg.PoolClient,
  { from, to, starts }: { from: Date; to: Date; starts: readonly number[] },
  file: string,
): Promise<WrittenFile & { blocks: Block[] }> {
  // The times are dates of ours, and COPY takes no parameters.
  const within = `timestamp >= '${from.toISOString()}' and timestamp < '${to.toISOString()}'`;
  const sampled = await client.query({
    text: `select attributes::text from logs.logs where ${within} and attributes is not null limit ${SAMPLE}`,
    rowMode: "array",
  });
  // Made once (offset 0), as the sum needs them too. Doubles have more digits than microseconds until the year 2255.
  const copy = `copy (
    select micros, ${ENTRY_MD5} as md5, id, service, level, message, pattern, to_json(tags), attributes from (
      select (date_part('epoch', timestamp) * 1000000)::bigint as micros, id, service, level, message, pattern, tags, attributes::text
      from logs.logs where ${within} offset 0
    ) as entry
  ) to stdout with (format csv)`;
  return writeRows(duck, client.query(copyTo(copy)), sampleSchema.parse(sampled.rows), starts, file);
}

const sampleSchema = z.array(z.tuple([z.string()])).transform((rows) => rows.map(([document]) => document));

const documentSchema = z.object({ attributes: z.string() });

/**
 * Writes entries of other segments as a segment's file.
 * @param entries a statement of DuckDB that gives ENTRY_COLUMNS
 * @param starts where its blocks begin, microseconds since 1970
 * @throws Error when what was written, read back, is not what was read
 */
export async function rewriteEntries(
  duck: Duck,
  entries: SQL,
  starts: readonly number[],
  file: string,
): Promise<WrittenFile & { blocks: Block[] }> {
  await mkdir(path.dirname(file), { recursive: true });
  const source = `${file}.source`;
  const documents = await duck.read(
    sql`select attributes from (${entries}) where attributes is not null limit ${sql.raw(String(SAMPLE))}`,
    documentSchema,
  );
  await duck.read(
    sql`copy (select micros, ${sql.raw(ENTRY_MD5)} as md5, id, service, level, message, pattern, to_json(tags)::varchar as tags, attributes
      from (select *, epoch_us("timestamp") as micros from (${entries})))
      to ${sql.raw(quoted(source))} (${sql.raw(WRITE_CSV)})`,
    z.unknown(),
  );
  const sample = documents.map(({ attributes }) => attributes);
  const written = await writeRows(duck, createReadStream(source), sample, starts, file);
  await rm(source);
  return written;
}

/** @param rows CSV with the columns of ROW @param sample attributes of some of them */
async function writeRows(
  duck: Duck,
  rows: Readable,
  sample: readonly string[],
  starts: readonly number[],
  file: string,
): Promise<WrittenFile & { blocks: Block[] }> {
  await mkdir(path.dirname(file), { recursive: true });
  const rowsFile = `${file}.csv`;
  const paths = chooseColumns(sample);
  const watcher = new RowsWatcher(starts, paths);
  await pipeline(rows, watcher, createWriteStream(rowsFile));
  const { blocks, columns } = watcher.finish();
  const cells = paths.map((_, index) => `, 'cell${index}': 'VARCHAR'`).join("");
  const attributes = columns.map(({ path, kind }) => {
    const cell = `cell${paths.indexOf(path)}`;
    return `, ${kind === "text" ? cell : `${cell}::${kind === "integer" ? "bigint" : "double"}`} as ${identifier(columnNameOf(path))}`;
  });
  await duck.read(
    sql.raw(`copy (
      select id, make_timestamp(micros) as "timestamp", service, level, message, pattern, from_json(tags, '["VARCHAR"]') as tags, attributes
        ${attributes.join("")}
      from read_csv(${quoted(rowsFile)}, ${READ_CSV}, columns = {${ROW}${cells}}) order by micros, id
    ) to ${quoted(file)} (${PARQUET})`),
    z.unknown(),
  );
  await rm(rowsFile);
  const finished = await finishFile(duck, file, watcher.rows, watcher.sum.toString());
  return { ...finished, attributeColumns: columns, blocks };
}
