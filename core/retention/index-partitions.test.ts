import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { runJob } from "@/core/jobs/run-job";
import { fingerprintMessage } from "@/core/patterns/fingerprint-message";
import { parseQuery } from "@/core/search/query/parse";
import { toSql } from "@/core/search/query/to-sql";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { indexPartitions } from "./index-partitions";

const context = testDatabase("2026-03-10T12:00:00Z");

/** The parts of the days that have entries which ended at least a quarter of an hour ago. */
const CLOSED = [
  ...["00", "03", "06", "09", "12", "15", "18", "21"].map((hour) => `logs_20260308_${hour}`),
  ...["00", "03", "06"].map((hour) => `logs_20260310_${hour}`),
];
const KINDS = ["patterns", "severe", "time", "words"];

const indexes = async () => {
  const { rows } = await context.db.execute<{ name: string; valid: boolean }>(sql`
    select relname as name, indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
    where relname ~ '^logs_2026.*_(time|severe|patterns|words)$' order by relname`);
  return rows.map(({ name, valid }) => `${name}${valid ? "" : " (invalid)"}`);
};

test("given entries of closed parts of days and of an open one, then only the closed ones get their indexes, once, while the job's lock is held", async () => {
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
  expect(await run()).toMatchObject({ status: "success", result: { indexed: CLOSED.toReversed() } });
  expect(await indexes()).toEqual(CLOSED.flatMap((part) => KINDS.map((kind) => `${part}_${kind}`)));
  expect(await indexPartitions(context)).toEqual({ indexed: [] });

  // A rare word is found by its index.
  const condition = toSql(parseQuery("needle"), ["shop"]);
  const { rows } = await context.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from logs.logs where timestamp >= '2026-03-08' and timestamp < '2026-03-09' and ${condition}`);
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("logs_20260308_09_words");

  // So is a rare pattern, of any level.
  const rare = toSql(parseQuery(`pattern:${fingerprintMessage(Buffer.from("the needle"))}`), ["shop"]);
  const byPattern = await context.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from logs.logs where timestamp >= '2026-03-08' and timestamp < '2026-03-09' and ${rare}`);
  expect(byPattern.rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("logs_20260308_09_patterns");

  // So is what is severe, by its own.
  const severe = toSql(parseQuery("service:shop level:fatal"), ["shop"]);
  const plan = await context.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from logs.logs where timestamp >= '2026-03-08' and timestamp < '2026-03-09' and ${severe}
    order by timestamp desc, id desc limit 100`);
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("logs_20260308_09_severe");

  // Late entries of an indexed part are found as well.
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
    update pg_index set indisvalid = false where indexrelid = 'logs.logs_20260308_09_words'::regclass`);
  expect(await indexes()).toContain("logs_20260308_09_words (invalid)");
  expect(await indexPartitions(context)).toEqual({ indexed: ["logs_20260308_09"] });
  expect(await indexes()).toContain("logs_20260308_09_words");
});

test("given a day that was made whole, before days had parts, then it is indexed and searched like any other", async () => {
  await context.db.execute(sql`
    create table logs.logs_20260101 partition of logs.logs for values from ('2026-01-01') to ('2026-01-02')`);
  const at = "2026-01-01T23:00:00Z";
  await context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message) values (${at}::timestamptz, 'old', 'fatal', 'an old one')`);
  await context.db.execute(sql`
    insert into logs.stats_minute values (${at}::timestamptz, 'old', 'fatal', 1)`);
  await context.db.execute(sql`insert into logs.services values ('old', ${at}::timestamptz, ${at}::timestamptz)`);
  expect(await indexPartitions(context)).toEqual({ indexed: ["logs_20260101"] });
  for (const q of ["old one", "level:fatal service:old"]) {
    const span = { from: new Date("2025-12-01"), to: new Date("2026-03-11") };
    const { entries } = await searchLogs(context, { query: parseQuery(q), ...span, limit: 10 });
    expect(entries.map(({ message }) => message)).toEqual(["an old one"]);
  }
});
