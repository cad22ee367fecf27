import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, expect, inject, test } from "vitest";
import { createCitusDatabase, dropCitusDatabase } from "@/core/testing/citus";
import { migrateDatabase } from "@/db/migrate";

const ports = inject("citus");
const names: string[] = [];
afterAll(async () => {
  for (const name of names) await dropCitusDatabase(ports, name);
});

/** A thousand entries of two days, which one PostgreSQL has. @returns the URL of their database */
async function databaseWithEntries(): Promise<string> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const url = await createCitusDatabase(ports, name);
  names.push(name);
  await migrateDatabase(url);
  await run(
    url,
    `create table logs.logs_20260310 partition of logs.logs for values from ('2026-03-10Z') to ('2026-03-11Z');
    create table logs.logs_20260311 partition of logs.logs for values from ('2026-03-11Z') to ('2026-03-12Z');
    insert into logs.logs (id, timestamp, service, level, message) overriding system value
      select number, timestamptz '2026-03-10T12:00Z' + number * interval '1 minute', 'shop', 'info', 'order ' || number
      from generate_series(1, 1000) number`,
  );
  return url;
}

async function run(url: string, statement: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** How many entries are found, what they take on the coordinator alone, and what on all workers. */
async function stateOf(url: string): Promise<{ entries: number; localBytes: number; distributedBytes: number }> {
  const [row] = await run(
    url,
    `select (select count(*) from logs.logs) as entries, logs.distributed_bytes() as distributed,
      (select sum(pg_relation_size(relid)) from pg_partition_tree('logs.logs') where isleaf) as local`,
  );
  return {
    entries: Number(row?.entries),
    localBytes: Number(row?.local),
    distributedBytes: Number(row?.distributed),
  };
}

test("given entries that were there before, when they are distributed, then all are on the workers, and none stays behind", async () => {
  const url = await databaseWithEntries();
  const before = await stateOf(url);
  expect(before).toEqual({ entries: 1_000, localBytes: expect.any(Number), distributedBytes: 0 });
  expect(before.localBytes).toBeGreaterThan(0);

  await migrateDatabase(url, { distribute: true });
  const after = await stateOf(url);
  expect(after).toEqual({ entries: 1_000, localBytes: 0, distributedBytes: expect.any(Number) });
  expect(after.distributedBytes).toBeGreaterThan(before.localBytes);

  // Of a start that finds all as it should be nothing is asked of the workers, of which one may be away.
  const versions =
    "select oid::text, xmin::text from pg_proc where proname in ('part_bytes', 'distributed_bytes') order by oid";
  const made = await run(url, versions);
  await migrateDatabase(url, { distribute: true });
  expect(await stateOf(url)).toEqual(after);
  expect(await run(url, versions)).toEqual(made);
});

test("given a start that was killed when entries were on the workers, then the next one takes away what they left", async () => {
  const url = await databaseWithEntries();
  await run(url, "select create_distributed_table('logs.logs', 'id')");
  expect((await stateOf(url)).localBytes).toBeGreaterThan(0);
  await migrateDatabase(url, { distribute: true });
  expect(await stateOf(url)).toMatchObject({ entries: 1_000, localBytes: 0 });
});
