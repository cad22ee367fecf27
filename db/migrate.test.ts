import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrateDatabase, UNFINISHED, UnusableDatabase } from "./migrate";

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
