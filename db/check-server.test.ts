import { randomBytes } from "node:crypto";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { problemOfServer } from "./check-server";
import { migrateDatabase } from "./migrate";

const server = { versionNumber: 180_004, version: "18.4", encoding: "UTF8" };

test.each([
  ["new enough", server, null],
  ["the oldest that will do", { ...server, versionNumber: 170_000, version: "17.0" }, null],
  [
    "a minor version too old",
    { ...server, versionNumber: 160_015, version: "16.15" },
    /PostgreSQL 16\.15.*needs PostgreSQL 17 or newer/,
  ],
  [
    "from before versions had two parts",
    { ...server, versionNumber: 90_624, version: "9.6.24" },
    /PostgreSQL 9\.6\.24/,
  ],
  ["of another encoding", { ...server, encoding: "LATIN1" }, /its encoding is LATIN1, and Cordwood needs UTF8/],
])("given a server that is %s, then what it lacks is said", (_name, facts, problem) => {
  if (problem) expect(problemOfServer(facts)).toMatch(problem);
  else expect(problemOfServer(facts)).toBeNull();
});

test.each(["SQL_ASCII", "LATIN1"])(
  "given a database in %s, when it is migrated, then it is refused and left as it is",
  async (encoding) => {
    const name = `test_${randomBytes(8).toString("hex")}`;
    const client = new pg.Client({ connectionString: inject("postgres") });
    await client.connect();
    try {
      await client.query(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
      const url = Object.assign(new URL(inject("postgres")), { pathname: name }).href;
      await expect(migrateDatabase(url)).rejects.toThrow(`its encoding is ${encoding}, and Cordwood needs UTF8`);
      const inside = new pg.Client({ connectionString: url });
      await inside.connect();
      const { rows } = await inside.query("select nspname from pg_namespace where nspname in ('logs', 'drizzle')");
      await inside.end();
      expect(rows).toEqual([]);
    } finally {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    }
  },
);
