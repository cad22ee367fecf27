import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrateDatabase, UNFINISHED, UnusableDatabase } from "./migrate";
import { migrateUntil } from "./migrate-until";

/** The time of the last migration before late entries were added to roll-ups at once. */
const BEFORE_LATE_COUNTS = 1795820465483;

const name = `test_${randomBytes(8).toString("hex")}`;
const server = new pg.Client({ connectionString: inject("postgres") });
const url = Object.assign(new URL(inject("postgres")), { pathname: name }).href;
const database = new pg.Client({ connectionString: url });
beforeAll(async () => {
  await server.connect();
  await server.query(`create database ${name}`);
  await migrateDatabase(url);
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await server.query(`drop database ${name} with (force)`);
  await server.end();
});

test("given a database that a newer version has changed, then it is refused with a sentence, until it is gone from there", async () => {
  await database.query(
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 32503680000000)",
  );
  const refused = migrateDatabase(url);
  await expect(refused).rejects.toThrow(UnusableDatabase);
  await expect(refused).rejects.toThrow(
    /^The database was written by a newer Cordwood, with 1 change that this version does not know: start that version or a newer one, or .*\.$/,
  );
  await database.query("delete from drizzle.__drizzle_migrations where hash = 'of the future'");
  await migrateDatabase(url);
});

test("given a database that is half restored, then it is refused with a sentence", async () => {
  await database.query(`create schema ${UNFINISHED}`);
  await expect(migrateDatabase(url)).rejects.toThrow(/^A restore into this database was broken off: .*\.$/);
  await database.query(`drop schema ${UNFINISHED}`);
  await migrateDatabase(url);
});

test("given late entries that waited for a correction, when the version comes that adds them at once, then hours and days have them", async () => {
  const older = `test_${randomBytes(8).toString("hex")}`;
  await server.query(`create database ${older}`);
  const olderUrl = Object.assign(new URL(inject("postgres")), { pathname: older }).href;
  const client = new pg.Client({ connectionString: olderUrl });
  try {
    await migrateUntil(olderUrl, BEFORE_LATE_COUNTS);
    await client.connect();
    await client.query(`
      update logs.stats_progress set complete_until = '2026-03-10T05:00Z' where resolution = 'hour';
      update logs.stats_progress set complete_until = '2026-03-10T00:00Z' where resolution = 'day';
      insert into logs.stats_minute (bucket, service, level, count) values
        ('2026-03-09T03:10Z', 'shop', 'info', 2), ('2026-03-09T03:59Z', 'shop', 'info', 3), ('2026-03-09T04:00Z', 'shop', 'info', 4),
        ('2026-03-10T04:00Z', 'shop', 'info', 5);
      insert into logs.stats_hour (bucket, service, level, count) values
        ('2026-03-09T03:00Z', 'shop', 'info', 1), ('2026-03-09T04:00Z', 'shop', 'info', 4);
      insert into logs.stats_day (bucket, service, level, count) values ('2026-03-09T00:00Z', 'shop', 'info', 5);
      insert into logs.stats_stale (resolution, bucket) values ('hour', '2026-03-09T03:00Z'), ('hour', '2026-03-10T04:00Z')`);
    await migrateDatabase(olderUrl);
    const counts = async (table: string) =>
      (await client.query(`select bucket, count::int from logs.${table} order by bucket`)).rows;
    expect(await counts("stats_hour")).toEqual([
      { bucket: new Date("2026-03-09T03:00:00Z"), count: 5 },
      { bucket: new Date("2026-03-09T04:00:00Z"), count: 4 },
      { bucket: new Date("2026-03-10T04:00:00Z"), count: 5 },
    ]);
    expect(await counts("stats_day")).toEqual([{ bucket: new Date("2026-03-09T00:00:00Z"), count: 9 }]);
  } finally {
    await client.end();
    await server.query(`drop database ${older} with (force)`);
  }
});
