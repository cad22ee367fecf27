import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { applyRetention } from "@/core/retention/apply-retention";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, RETENTION_DAYS, sendEntries, testDatabase } from "@/core/testing/test-database";
import { sealSegments } from "./seal-segments";

const context = testDatabase("2026-03-10T12:00:00Z");
const span = { from: new Date("2026-02-20T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };

test("given a day with parts and their indexes, from before there were segments, then it takes entries, is searched, sealed and expires", async () => {
  await context.db.execute(sql`
    create table logs.logs_20260308 (like logs.logs including defaults including constraints) partition by range (timestamp)`);
  for (const [hour, end] of [
    ["09", "2026-03-08T12:00:00Z"],
    ["12", "2026-03-08T15:00:00Z"],
  ]) {
    await context.db.execute(
      sql.raw(`create table logs.logs_20260308_${hour} partition of logs.logs_20260308
        for values from ('2026-03-08T${hour}:00:00Z') to ('${end}')`),
    );
  }
  await context.db.execute(sql`
    alter table logs.logs attach partition logs.logs_20260308 for values from ('2026-03-08T00:00:00Z') to ('2026-03-09T00:00:00Z')`);
  await context.db.execute(sql`create index logs_20260308_09_patterns on logs.logs_20260308_09 (pattern)`);
  const times = ["2026-03-08T10:00:00Z", "2026-03-08T13:00:00Z"];
  await sendEntries(
    ingestOf(context),
    times.map((timestamp) => ({ service: "old", message: `of ${timestamp}`, timestamp })),
  );
  const found = async () =>
    (await searchLogs(context, { query: parseQuery("of"), ...span, limit: 10 })).entries.map(({ message }) => message);
  const expected = times.toReversed().map((timestamp) => `of ${timestamp}`);
  expect(await found()).toEqual(expected);

  // Part by part; the few entries of the second wait for more, as late ones of a day do.
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 1 });
  expect(await found()).toEqual(expected);
  context.clock.set("2026-03-10T18:00:01Z");
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 1 });
  expect(await found()).toEqual(expected);
  const { rows } = await context.db.execute(sql`
    select (select count(*)::int from logs.logs) as hot, to_regclass('logs.logs_20260308_09_patterns')::text as index`);
  expect(rows).toEqual([{ hot: 0, index: null }]);

  context.clock.set("2026-04-20T00:00:00Z");
  expect((await applyRetention(context, new RetentionPlan(RETENTION_DAYS))).dropped_days).toContain("2026-03-08");
  expect(await found()).toEqual([]);
});
