import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { inject } from "vitest";
import type { Executor } from "@/core/context";
import { exportLogs } from "@/core/search/export/export-logs";
import { parseQuery } from "@/core/search/query/parse";
import { createSegments, createTurns, type EntriesContext } from "@/core/segments/segments";
import { createCitusDatabase, dropCitusDatabase } from "@/core/testing/citus";
import { databaseUrl } from "@/core/testing/postgres";
import type { TestDatabase } from "@/core/testing/test-database";
import { createPool, databaseOf } from "@/db/client";
import { listTables } from "../describe-database";

/** A database without a table, on the tests' server. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const citus = inject("citus");
  if (citus.length > 0) {
    return { url: await createCitusDatabase(citus, name), drop: () => dropCitusDatabase(citus, name) };
  }
  const onServer = async (statement: string) => {
    const client = new pg.Client({ connectionString: inject("postgres") });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`create database ${name}`);
  return {
    url: databaseUrl(inject("postgres"), name),
    drop: () => onServer(`drop database ${name} with (force)`),
  };
}

/** A store of segments in a folder of the test's own, with what reads it. */
export const segmentsIn = ({ folder, clock }: TestDatabase, name: string) =>
  createSegments({
    folder: path.join(folder, name),
    scratch: path.join(folder, `${name}-scratch`),
    memoryBytes: 128 * 1024 * 1024,
    clock,
  });

/** An installation as its server would have it, to be asked. */
export async function withRestored<Result>(
  { clock }: Pick<TestDatabase, "clock">,
  url: string,
  segments: EntriesContext["segments"],
  ask: (context: EntriesContext) => Promise<Result>,
): Promise<Result> {
  const pool = createPool(url, () => undefined);
  try {
    return await ask({ db: databaseOf(pool), clock, segments, turns: createTurns() });
  } finally {
    await pool.end();
  }
}

const SPAN = { from: new Date("2000-01-01T00:00:00Z"), to: new Date("2100-01-01T00:00:00Z") };

/** SHA-256 of all entries as an export has them, hot and sealed, and how many there are. */
export async function checksumOfEntries(context: EntriesContext): Promise<{ entries: number; checksum: string }> {
  const hash = createHash("sha256");
  let entries = 0;
  for await (const piece of exportLogs(context, { query: parseQuery(""), ...SPAN }, "ndjson")) {
    const text = piece.toString();
    hash.update(text);
    entries += text.split("\n").length - 1;
  }
  return { entries, checksum: hash.digest("hex") };
}

/**
 * Of each table how many rows it has, and a sum over them that no order changes. Numbers of transactions are left out, and the mark of the
 * store, which a restored installation has of its own.
 */
export async function sumsOfTables(db: Executor): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const { schema, name, columns, transactionColumns, isBound } of await listTables(db)) {
    if (isBound) continue;
    const compared = columns
      .filter((column) => !transactionColumns.includes(column))
      .map((column) => sql.identifier(column));
    const { rows } = await db.execute(sql`
      select count(*) || ' ' || coalesce(sum(('x' || substr(md5(row(${sql.join(compared, sql`, `)})::text), 1, 8))::bit(32)::bigint), 0) as sum
      from ${sql.identifier(schema)}.${sql.identifier(name)} as t where not t::text like '%segment_store%'`);
    sums[name] = String(rows[0]?.sum);
  }
  return sums;
}
