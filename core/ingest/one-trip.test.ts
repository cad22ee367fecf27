import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { inOneTrip, runPrepared } from "@/db/prepared";

const context = testDatabase("2026-05-04T12:00:00Z");

test("given statements sent together, then each gets its own answer, and later ones see what earlier ones did", async () => {
  const client = await context.pool.connect();
  await client.query("begin; create temporary table seen (n int) on commit drop");

  const [, added, counted] = await inOneTrip(client, () => [
    client.query("insert into seen values (1)"),
    runPrepared<{ n: number }>(client, sql`insert into seen values (${41}::int + 1) returning n`),
    runPrepared<{ sum: string }>(client, sql`select sum(n) from seen`),
  ]);
  await client.query("commit");
  client.release();

  expect(added.rows).toEqual([{ n: 42 }]);
  expect(counted.rows).toEqual([{ sum: "43" }]);
});

test("given one that fails in a transaction, then its error is thrown, nothing stays, and the connection goes on", async () => {
  const client = await context.pool.connect();
  await client.query("begin");
  const sent = inOneTrip(client, () => [client.query("select 1"), client.query("select 1/0"), client.query("commit")]);

  await expect(sent).rejects.toThrow("division by zero");

  expect((await client.query<{ two: number }>("select 2 as two")).rows).toEqual([{ two: 2 }]);
  client.release();
});

test("given the same statement again, then the connection prepared it once", async () => {
  const client = await context.pool.connect();
  for (const value of [1, 2, 3]) await runPrepared(client, sql`select ${value}::int as again_and_again`);

  const { rows } = await client.query(
    "select from pg_prepared_statements where statement like '%again_and_again%' and statement not like '%pg_prepared%'",
  );
  client.release();

  expect(rows.length).toBe(1);
});
