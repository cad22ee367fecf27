import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { type SQL, sql } from "drizzle-orm";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { type Duck, entriesOf, quoted } from "../duck";
import { contentSumOf, ENTRY_MD5 } from "./entry-hash";
import { RowsWatcher } from "./rows-watcher";

/** Of the columns and their meaning; readers of this version read every smaller one. */
export const FORMAT_VERSION = 1;

/** Row groups small enough to pass over, large enough to be packed well. */
const PARQUET = "format parquet, compression zstd, compression_level 6, parquet_version v2, row_group_size 61440";

const CSV = `header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '',
  allow_quoted_nulls = false, max_line_size = 2000000, buffer_size = 4000000, strict_mode = true, columns = {'micros': 'BIGINT', 'md5': 'VARCHAR',
  'id': 'BIGINT', 'service': 'VARCHAR', 'level': 'VARCHAR', 'message': 'VARCHAR', 'pattern': 'BIGINT', 'tags': 'VARCHAR',
  'attributes': 'VARCHAR'}`;

/** What a file holds, as its catalogue names it. */
export type WrittenFile = {
  file: string;
  rows: number;
  bytes: number;
  checksum: string;
  contentSum: string;
};

const sumSchema = z.object({ rows: z.bigint(), sum: z.string() });

/** How many entries a table of DuckDB has, and their sum (entry-hash.ts). */
export async function readContent(duck: Duck, entries: SQL): Promise<{ rows: number; contentSum: string }> {
  const [read] = await duck.read(contentSumOf(entries), sumSchema);
  return { rows: Number(read?.rows ?? 0), contentSum: read?.sum ?? "0" };
}

/** @throws Error when a file has not exactly the entries that it should have */
export async function checkContent(duck: Duck, file: string, expected: { rows: number; contentSum: string }) {
  const read = await readContent(duck, entriesOf([file]));
  if (read.rows === expected.rows && read.contentSum === expected.contentSum) return;
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
export async function finishFile(duck: Duck, file: string, rows: number, contentSum: string): Promise<WrittenFile> {
  await checkContent(duck, file, { rows, contentSum });
  return { file, rows, bytes: (await stat(file)).size, checksum: await checksumOf(file), contentSum };
}

/** Writes what a query of DuckDB gives as a segment's file. */
export async function writeParquet(duck: Duck, file: string, entries: SQL): Promise<void> {
  await duck.read(
    sql`copy (select id, "timestamp", service, level, message, pattern, tags, attributes from (${entries}) order by "timestamp", id)
      to ${sql.raw(quoted(file))} (${sql.raw(PARQUET)})`,
    z.unknown(),
  );
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
) {
  await mkdir(path.dirname(file), { recursive: true });
  const rowsFile = `${file}.csv`;
  const watcher = new RowsWatcher(starts);
  // The times are dates of ours, and COPY takes no parameters.
  const copy = `copy (
    select micros, ${ENTRY_MD5} as md5, id, service, level, message, pattern, to_json(tags), attributes from (
      select (extract(epoch from timestamp) * 1000000)::bigint as micros, id, service, level, message, pattern, tags, attributes::text
      from logs.logs where timestamp >= '${from.toISOString()}' and timestamp < '${to.toISOString()}'
    ) as entry
  ) to stdout with (format csv)`;
  await pipeline(client.query(copyTo(copy)), watcher, createWriteStream(rowsFile));
  const blocks = watcher.finishBlocks();
  await writeParquet(
    duck,
    file,
    sql`select id, make_timestamp(micros) as "timestamp", service, level, message, pattern,
      from_json(tags, '["VARCHAR"]') as tags, attributes
      from read_csv(${sql.raw(quoted(rowsFile))}, ${sql.raw(CSV)})`,
  );
  await rm(rowsFile);
  return { ...(await finishFile(duck, file, watcher.rows, watcher.sum.toString())), blocks };
}
