import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { columnNameOf } from "../attribute-columns";
import { type Duck, entriesOf, identifier, quoted } from "../duck";
import { type Measured, measure } from "../store/measure";
import { checkContent } from "./check-content";
import { cellName } from "./column-values";
import type { Staged } from "./staged-rows";

/** Of the columns and their meaning; readers of this version read every smaller one. */
export const FORMAT_VERSION = 2;

const PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2";

/** What every segment's file has, whatever its version. */
export const ENTRY_COLUMNS = sql.raw('id, "timestamp", service, level, message, pattern, tags, attributes');

/** ENTRY_COLUMNS of a staged file. */
const STAGED_COLUMNS = `id, make_timestamp(micros) as "timestamp", service, level, message, pattern,
  from_json(tags, '["VARCHAR"]') as tags, attributes`;

/** What a file holds, as its catalogue names it. */
export type WrittenFile = {
  rows: number;
  bytes: number;
  checksum: string;
  /** Of its entries as text. */
  textBytes: number;
};

/** SHA-256 of a file, hexadecimal. */
export const checksumOf = async (file: string): Promise<string> => (await measure(createReadStream(file))).checksum;

/** Whether a local file is what was stored; one that can't be read is not. */
export const isWhole = (file: string, { checksum }: Pick<Measured, "checksum">): Promise<boolean> =>
  checksumOf(file).then(
    (found) => found === checksum,
    () => false,
  );

/**
 * Writes a segment's file from a staged one, which goes.
 * @param paths of the cells of the staged file, of which some get columns
 * @param groupEntries of a row group: small enough to pass over, large enough to be packed well
 * @param totals of what was staged
 * @throws Error when the file, read back, does not hold just that
 */
export async function writeFile(
  duck: Duck,
  staged: string,
  file: string,
  { paths, columns, groupEntries, totals }: Staged & { paths: readonly string[] },
): Promise<WrittenFile> {
  const attributes = columns.map(({ path, kind }) => {
    const cell = cellName(paths.indexOf(path));
    return `, ${kind === "text" ? cell : `${cell}::${kind === "integer" ? "bigint" : "double"}`} as ${identifier(columnNameOf(path))}`;
  });
  const source = `read_parquet(${quoted(staged)})`;
  const options = `${PARQUET}, row_group_size ${groupEntries}`;
  await duck.read(
    sql.raw(`copy (select ${STAGED_COLUMNS} ${attributes.join("")} from ${source}) to ${quoted(file)} (${options})`),
    z.unknown(),
  );
  const textBytes = await checkContent(
    duck,
    sql.raw(`(select ${STAGED_COLUMNS} from ${source})`),
    entriesOf([file]),
    totals,
  );
  await rm(staged);
  return { rows: totals.rows, bytes: (await stat(file)).size, checksum: await checksumOf(file), textBytes };
}
