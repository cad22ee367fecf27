import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { sql } from "drizzle-orm";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { SegmentStore } from "@/core/segments/store/segment-store";
import { databaseOf } from "@/db/client";
import { textOf } from "./copy-tables";
import { listForeignKeys, listTables } from "./describe-database";
import type { CopiedTable, Manifest } from "./manifest";
import type { BackupProgress } from "./progress";

const of = ({ schema, name }: { schema: string; name: string }) =>
  sql`${sql.identifier(schema)}.${sql.identifier(name)}`;

/**
 * Fills the tables of an empty database that has the migrations of the backup. Runs in the caller's transaction, so that all of it is
 * there or nothing.
 * @throws Error when a file is not what the manifest says, and whatever PostgreSQL says
 */
export async function loadTables(
  client: pg.PoolClient,
  store: SegmentStore,
  { tables, partitions, sequences }: Manifest,
  progress: BackupProgress,
): Promise<void> {
  const db = databaseOf(client);
  for (const { schema, parent, bound, partitionedBy, ...partition } of partitions) {
    const further = partitionedBy === null ? "" : ` partition by ${partitionedBy}`;
    await db.execute(sql`
      create table ${of({ schema, ...partition })} partition of ${of({ schema, name: parent })} ${sql.raw(`${bound}${further}`)}`);
  }
  // Rows are as they were: nothing is checked row by row, in whatever order tables come, and nothing is noted of them.
  const foreignKeys = await listForeignKeys(db);
  const all = await listTables(db);
  for (const { schema, table, name } of foreignKeys) {
    await db.execute(sql`alter table ${of({ schema, name: table })} drop constraint ${sql.identifier(name)}`);
  }
  for (const table of all) await db.execute(sql`alter table ${of(table)} disable trigger user`);
  // Some have rows that a migration has made.
  await db.execute(sql`truncate ${sql.join(all.map(of), sql`, `)}`);
  for (const [index, table] of tables.entries()) {
    progress.tables(index, tables.length, table.name);
    await loadTable(client, store, table);
  }
  progress.tables(tables.length, tables.length, "");
  for (const table of all) await db.execute(sql`alter table ${of(table)} enable trigger user`);
  for (const { schema, table, name, definition } of foreignKeys) {
    await db.execute(
      sql`alter table ${of({ schema, name: table })} add constraint ${sql.identifier(name)} ${sql.raw(definition)}`,
    );
  }
  for (const { schema, name, lastValue, isCalled } of sequences) {
    await db.execute(sql`
      select setval(format('%I.%I', ${schema}::text, ${name}::text)::regclass, ${lastValue}::bigint, ${isCalled}::boolean)`);
  }
}

async function loadTable(client: pg.PoolClient, store: SegmentStore, table: CopiedTable): Promise<void> {
  const { columns, rows, file } = table;
  const hash = createHash("sha256");
  const counted = new PassThrough().on("data", (piece: Buffer) => hash.update(piece));
  const names = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  );
  const copy = client.query(copyFrom(textOf(sql`copy ${of(table)} (${names}) from stdin`)));
  await pipeline(await store.open(file.path), counted, createGunzip(), copy);
  if (hash.digest("hex") !== file.checksum) {
    throw new Error(`${file.path} in ${store.name} is damaged: its bytes are not those that were stored`);
  }
  if (copy.rowCount !== rows) {
    throw new Error(`${table.name} got ${copy.rowCount} rows where there should be ${rows}`);
  }
}
