import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { runJob } from "@/core/jobs/run-job";
import { parseQuery } from "@/core/search/query/parse";
import { toSql } from "@/core/search/query/to-sql";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { indexPartitions } from "./index-partitions";

const context = testDatabase("2026-03-10T12:00:00Z");

const indexes = async () => {
  const { rows } = await context.db.execute<{ name: string; valid: boolean }>(sql`
    select relname as name, indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
    where relname ~ '^logs_2026.*_(time|words)$' order by relname`);
  return rows.map(({ name, valid }) => `${name}${valid ? "" : " (invalid)"}`);
};

test("given entries of a closed and of an open day, then only the closed one gets its indexes, once, while the job's lock is held", async () => {
  const entries = Array.from({ length: 5_000 }, (_, index) => ({
    service: "shop",
    message: index === 77 ? "the needle" : `request ${index} served with some more words`,
    timestamp: Date.parse("2026-03-08T10:00:00Z") + index,
  }));
  await sendEntries(ingestOf(context), [
    ...entries,
    { service: "shop", message: "now", timestamp: "2026-03-10T11:00:00Z" },
  ]);
  const run = () => runJob(context, "index-partitions", context.clock.now(), () => indexPartitions(context));
  expect(await run()).toMatchObject({ status: "success", result: { indexed_days: ["2026-03-08"] } });
  expect(await indexes()).toEqual(["logs_20260308_time", "logs_20260308_words"]);
  expect(await indexPartitions(context)).toEqual({ indexed_days: [] });

  // A rare word is found by its index.
  const condition = toSql(parseQuery("needle"), ["shop"]);
  const { rows } = await context.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from logs.logs where timestamp >= '2026-03-08' and timestamp < '2026-03-09' and ${condition}`);
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("logs_20260308_words");

  // Late entries of an indexed day are found as well.
  await sendEntries(ingestOf(context), [
    { service: "shop", message: "a late needle", timestamp: "2026-03-08T23:00:00Z" },
  ]);
  const found = await searchLogs(context, {
    query: parseQuery("needle"),
    from: new Date("2026-03-01"),
    to: new Date("2026-03-11"),
    limit: 10,
  });
  expect(found.entries.map(({ message }) => message)).toEqual(["a late needle", "the needle"]);
});

test("given an index whose building was interrupted, then it is built anew", async () => {
  await context.db.execute(sql`
    update pg_index set indisvalid = false where indexrelid = 'logs.logs_20260308_words'::regclass`);
  expect(await indexes()).toContain("logs_20260308_words (invalid)");
  expect(await indexPartitions(context)).toEqual({ indexed_days: ["2026-03-08"] });
  expect(await indexes()).toEqual(["logs_20260308_time", "logs_20260308_words"]);
});
