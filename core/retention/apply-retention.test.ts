import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { getStats } from "@/core/analytics/get-stats";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { RowBlock } from "@/core/ingest/row-block";
import { KnownPartitions, openWrite } from "@/core/ingest/write";
import { LEVELS } from "@/core/levels";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { parseQuery } from "@/core/search/query/parse";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { ingestOf, RETENTION_DAYS, sendEntries, testDatabase } from "@/core/testing/test-database";
import { untilBlocked } from "@/core/testing/watching";
import { allKeptFrom } from "./all-kept-from";
import { applyRetention } from "./apply-retention";
import { partitionDays } from "./partitions";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);

const count = async (table: string) => {
  const { rows } = await context.db.execute<{ count: number }>(
    sql`select count(*)::int as count from logs.${sql.identifier(table)}`,
  );
  return rows[0]?.count;
};

test("given entries of an old and a recent day, when the old day is beyond retention, then it goes with all its counts and the recent one stays", async () => {
  const old = { service: "old", level: "error", message: "gone soon", timestamp: "2026-02-10T00:00:00Z" };
  const recent = { service: "recent", level: "error", message: "stays", timestamp: "2026-03-09T10:00:00Z" };
  await sendEntries(ingestOf(context), [old, { ...old, timestamp: "2026-02-10T23:59:59.999Z" }, recent]);
  await aggregateLogsDaily(context);

  // The last moment of the day is exactly as old as entries may be: nothing of it is older.
  context.clock.set("2026-03-12T23:59:59.999Z");
  expect(await applyRetention(context, new RetentionPlan(RETENTION_DAYS))).toEqual({
    dropped_days: [],
    expired_entries: 0,
  });
  expect(await count("logs")).toBe(3);

  context.clock.set("2026-03-13T00:00:00Z");
  expect(await applyRetention(context, new RetentionPlan(RETENTION_DAYS))).toEqual({
    dropped_days: ["2026-02-10"],
    expired_entries: 0,
  });
  for (const [table, rows] of Object.entries({
    logs: 1,
    stats_minute: 1,
    stats_hour: 1,
    stats_day: 1,
    pattern_minute: 1,
    pattern_hour: 1,
    pattern_day: 1,
    services: 1,
    stats_stale: 0,
  }))
    expect([table, await count(table)]).toEqual([table, rows]);
  expect(await applyRetention(context, new RetentionPlan(RETENTION_DAYS))).toEqual({
    dropped_days: [],
    expired_entries: 0,
  });
});

test("given a day, then it and the two after it have their partitions before they begin", async () => {
  context.clock.set("2026-05-31T23:59:00Z");
  await applyRetention(context, new RetentionPlan(RETENTION_DAYS));
  const days = (await partitionDays(context.db)).map((day) => day.toISOString().slice(0, 10));
  expect(days).toEqual(expect.arrayContaining(["2026-05-31", "2026-06-01", "2026-06-02"]));
});

test("given a day that was dropped, when a late entry of a longer retention time comes, then its partition is made again", async () => {
  context.clock.set("2026-06-01T00:00:00Z");
  const ingest = ingestOf(context);
  const entry = { service: "late", message: "m", timestamp: "2026-05-20T10:00:00Z" };
  await sendEntries(ingest, [entry]);
  expect((await applyRetention(context, new RetentionPlan(5))).dropped_days).toContain("2026-05-20");
  await sendEntries(ingest, [entry]);
  const { rows } = await context.db.execute(sql`
    select (select count(*)::int from logs.logs where service = 'late') as entries,
      (select sum(count)::int from logs.stats_minute where service = 'late') as counted`);
  expect(rows).toEqual([{ entries: 1, counted: 1 }]);
});

/** A line that is on its way to the database. */
function blockOf(message: string, at: Date): RowBlock {
  const block = new RowBlock();
  const [service, text] = [Buffer.from("writing"), Buffer.from(message)];
  block.add({
    micros: at.getTime() * 1_000,
    service: block.tally.serviceOf(service, 0, service.length),
    level: LEVELS.indexOf("info"),
    message: text,
    messageFrom: 0,
    messageEnd: text.length,
    tags: null,
    attributesSource: text,
    attributesFrom: -1,
    attributesEnd: -1,
    index: 0,
    masked: 0,
  });
  return block;
}

test("given a writer that has not counted yet what it has written, when a day goes, then that waits for the writer, and both are done", async () => {
  context.clock.set("2026-06-10T00:00:00Z");
  await sendEntries(ingestOf(context), [{ service: "going", message: "m", timestamp: "2026-06-01T10:00:00Z" }]);
  const partitions = new KnownPartitions(context.db);
  const block = blockOf("written meanwhile", context.clock.now());
  await partitions.ensure(block.tally);
  const write = await openWrite(context, partitions);
  await write.add([block]);

  const applied = applyRetention(context, new RetentionPlan(5));
  await Promise.all([applied, untilBlocked(context).then(() => write.commit())]);

  expect((await applied).dropped_days).toContain("2026-06-01");
  const { rows } = await context.db.execute(sql`
    select service, count::int from logs.stats_minute where service in ('going', 'writing')`);
  expect(rows).toEqual([{ service: "writing", count: 1 }]);
});

test("given patterns and aliases that were not seen for the whole time, then they go, save one that others count as", async () => {
  context.clock.set("2026-07-01T00:00:00Z");
  const old = "2026-05-01T00:00:00Z";
  await context.db.execute(sql`
    insert into logs.patterns (id, sample, rules_version, last_seen) values
      (11, 'gone', 1, ${old}::timestamptz),
      (12, 'canonical', 1, ${old}::timestamptz),
      (13, 'recent alias', 1, '2026-06-30T00:00:00Z')`);
  await context.db.execute(sql`
    insert into logs.pattern_services (pattern, service, level, first_seen, last_seen, unjudged) values
      (11, 'shop', 'error', ${old}::timestamptz, ${old}::timestamptz, false),
      (13, 'pay', 'error', ${old}::timestamptz, ${old}::timestamptz, false),
      (13, 'shop', 'error', ${old}::timestamptz, '2026-06-30T00:00:00Z', false)`);
  await context.db.execute(sql`
    insert into logs.pattern_aliases (pattern, canonical, reason, created_at)
    values (11, 12, 'special case', ${old}::timestamptz), (13, 12, 'special case', ${old}::timestamptz)`);
  await applyRetention(context, new RetentionPlan(RETENTION_DAYS));
  // The first run takes the alias that is gone with its pattern.
  const { rows } = await context.db.execute(sql`
    select (select array_agg(id::int order by id) from logs.patterns where id between 11 and 13) as patterns,
      (select array_agg(pattern::int) from logs.pattern_aliases) as aliases,
      (select array_agg(pattern || ' ' || service) from logs.pattern_services where pattern between 11 and 13) as services`);
  expect(rows).toEqual([{ patterns: [12, 13], aliases: [13], services: ["13 shop"] }]);
});

test("given a retention that was made shorter and longer again, then what went meanwhile is not counted by the hours that stayed", async () => {
  context.clock.set("2026-09-20T12:00:00Z");
  const query = parseQuery("service:shortened");
  const counted = async (days: number) => {
    const settings = { retentionPlan: async () => new RetentionPlan(days) };
    const { rows } = await getStats(context, {
      query,
      from: new Date("2026-09-01T00:00:00Z"),
      to: new Date("2026-09-21T00:00:00Z"),
      pipeline: parsePipes("| stats count() as n", 0),
      allKeptFrom: await allKeptFrom({ ...context, settings }),
    });
    return rows;
  };
  const entry = { service: "shortened", message: "m" };
  await sendEntries(ingestOf(context), [
    { ...entry, timestamp: "2026-09-10T10:00:00Z" },
    { ...entry, timestamp: "2026-09-19T10:00:00Z" },
  ]);
  await applyRetention(context, new RetentionPlan(RETENTION_DAYS));
  expect(await counted(RETENTION_DAYS)).toEqual([[2]]);
  await applyRetention(context, new RetentionPlan(5, RETENTION_DAYS));
  expect(await counted(5)).toEqual([[1]]);
  expect(await counted(RETENTION_DAYS)).toEqual([[1]]);
  await applyRetention(context, new RetentionPlan(RETENTION_DAYS));
  expect(await counted(RETENTION_DAYS)).toEqual([[1]]);
});
