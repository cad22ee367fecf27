import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import type { Executor } from "@/core/context";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { databaseOf } from "@/db/client";
import { isDistributed } from "@/db/distribute";
import { appliedMigrations } from "@/db/migrate";
import { listPartitions, listSequences, listTables, type Table } from "./describe-database";
import { holdWriters } from "./hold-writers";
import { type BackedUpFile, type CopiedTable, type Manifest, pathInBackup } from "./manifest";
import type { BackupProgress } from "./progress";

const dialect = new PgDialect();
/** Level 1: half as fast again as 6, for a tenth more bytes. */
const GZIP = { level: 1 };

/** How values are written must not depend on how the server or the role is set up. */
const FORMS = `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601'; set local bytea_output = 'hex';
  set local extra_float_digits = 1; set local timezone = 'UTC'; set local client_encoding = 'UTF8'`;

/** What a backup has of the database, all of one state of it. */
export type CopiedDatabase = Pick<Manifest, "postgresql" | "migrations" | "tables" | "partitions" | "sequences"> & {
  segments: BackedUpFile[];
};

/** The table of the entries that are not sealed. */
const isEntries = ({ name }: Table) => name === "logs";

/**
 * Copies every table, in one transaction that sees one state of the database and keeps nobody from writing; on Citus, until the
 * entries are copied, who changes them.
 * @param scratch a local folder
 */
export async function copyTables(
  client: pg.PoolClient,
  store: SegmentStore,
  { pool, id, scratch, progress }: { pool: pg.Pool; id: string; scratch: string; progress: BackupProgress },
): Promise<CopiedDatabase> {
  const db = databaseOf(client);
  let held = (await isDistributed(client)) ? await holdWriters(pool) : null;
  try {
    await client.query(`begin isolation level repeatable read, read only; ${FORMS}`);
    const tables: CopiedTable[] = [];
    const listed = await listTables(db);
    const found = [...listed.filter(isEntries), ...listed.filter((table) => !isEntries(table))];
    for (const [index, table] of found.entries()) {
      progress.tables(index, found.length, table.name);
      if (!table.isBound) tables.push(await copyTable(client, store, table, { id, scratch }));
      if (held && isEntries(table)) {
        const { release } = held;
        held = null;
        await release();
      }
    }
    progress.tables(found.length, found.length, "");
    const described = {
      postgresql: await versionOf(db),
      migrations: await appliedMigrations(client),
      tables,
      partitions: await listPartitions(db),
      segments: await listFiles(db),
      sequences: await listSequences(db),
    };
    await client.query("commit");
    return described;
  } catch (error) {
    held?.abandon();
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function copyTable(
  client: pg.PoolClient,
  store: SegmentStore,
  { schema, name, columns, transactionColumns }: Table,
  { id, scratch }: { id: string; scratch: string },
): Promise<CopiedTable> {
  const selected = columns.map((column) =>
    transactionColumns.includes(column) ? sql`null::xid8` : sql`${sql.identifier(column)}`,
  );
  const from = sql`${sql.identifier(schema)}.${sql.identifier(name)}`;
  const copy = copyTo(textOf(sql`copy (select ${sql.join(selected, sql`, `)} from ${from}) to stdout`));
  const file = await putStream(store, [client.query(copy), createGzip(GZIP)], {
    path: pathInBackup(id, `${schema}.${name}.gz`),
    localFile: path.join(scratch, `${schema}.${name}.gz`),
  });
  return { schema, name, columns, rows: copy.rowCount, file };
}

/** Stores what comes out of streams that are joined, by way of a local file. A folder has it with that file's mode. */
async function putStream(
  store: SegmentStore,
  streams: readonly [Readable, ...Transform[]],
  { path: name, localFile }: { path: string; localFile: string },
): Promise<BackedUpFile> {
  await mkdir(path.dirname(localFile), { recursive: true });
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new PassThrough().on("data", (piece: Buffer) => {
    hash.update(piece);
    bytes += piece.length;
  });
  try {
    await pipeline([...streams, counted, createWriteStream(localFile, { mode: 0o600 })]);
    const file = { path: name, bytes, checksum: hash.digest("hex") };
    await store.put(file, localFile);
    return file;
  } finally {
    await rm(localFile, { force: true });
  }
}

/** Stores a text of a backup. */
export const putText = (
  store: SegmentStore,
  text: string,
  at: { path: string; localFile: string },
): Promise<BackedUpFile> => putStream(store, [Readable.from([Buffer.from(text)])], at);

const fileSchema = z.object({ path: z.string(), bytes: z.coerce.number(), checksum: z.string() });

/** The files of segments that the database names. */
export async function listFiles(db: Executor): Promise<BackedUpFile[]> {
  const { rows } = await db.execute(sql`select path, bytes, checksum from logs.segments order by id`);
  return z.array(fileSchema).parse(rows);
}

async function versionOf(db: Executor): Promise<string> {
  const { rows } = await db.execute(sql`select current_setting('server_version') as version`);
  return z.tuple([z.object({ version: z.string() })]).parse(rows)[0].version;
}

/** Of a statement without values, as COPY takes none. */
export const textOf = (statement: SQL): string => dialect.sqlToQuery(statement).sql;
