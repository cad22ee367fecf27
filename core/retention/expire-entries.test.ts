import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Level } from "@/core/levels";
import { exportLogs } from "@/core/search/export/export-logs";
import { getEntry } from "@/core/search/get-entry";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { listSegments } from "@/core/segments/catalogue";
import { sealSegments } from "@/core/segments/seal-segments";
import type { RetentionRule } from "@/core/settings/schemas";
import { getTrend } from "@/core/stats/get-trend";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { allKeptFrom } from "./all-kept-from";
import { applyRetention } from "./apply-retention";
import { RetentionPlan } from "./retention-plan";

const context = testDatabase("2026-03-01T12:00:00Z");
const span = { from: new Date("2026-02-01T00:00:00Z"), to: new Date("2026-05-01T00:00:00Z") };

const plan = (...rules: RetentionRule[]) => new RetentionPlan(30, 30, rules);
const DEBUG_3: RetentionRule = { service: null, level: "debug", days: 3 };
const AUDIT_60: RetentionRule = { service: "audit", level: null, days: 60 };

const DAY = "2026-03-01";

/** One of each service and level a minute. */
const entriesOf = (day: string, services: readonly string[], levels: readonly Level[], minutes = 5) =>
  Array.from({ length: minutes }, (_, minute) =>
    services.flatMap((service) =>
      levels.map((level) => ({
        service,
        level,
        message: `${service} ${level} ${minute}`,
        timestamp: Date.parse(`${day}T10:00:00Z`) + minute * 60_000,
      })),
    ),
  ).flat();

const send = (entries: readonly unknown[]) =>
  sendEntries(ingestOf(context, undefined, new RetentionPlan(400)), entries);
const seal = async (now: string) => {
  context.clock.set(now);
  return sealSegments(context);
};
const keep = async (now: string, retention: RetentionPlan) => {
  context.clock.set(now);
  return applyRetention(context, retention);
};

const find = async (q = "") => (await searchLogs(context, { query: parseQuery(q), ...span, limit: 1_000 })).entries;
/** "service level": how many are found. */
const found = async () => {
  const counts: Record<string, number> = {};
  for (const { service, level } of await find())
    counts[`${service} ${level}`] = (counts[`${service} ${level}`] ?? 0) + 1;
  return counts;
};
const counted = async (table: "stats_minute" | "stats_hour" | "stats_day") => {
  const { rows } = await context.db.execute<{ name: string; count: number }>(sql`
    select service || ' ' || level as name, sum(count)::int as count from logs.${sql.identifier(table)} group by 1`);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
};
const segments = () => listSegments(context.db, span.from, span.to);

/** What is counted by the minute is what every reader finds. */
async function expectAgreement(): Promise<void> {
  const entries = await find();
  expect(await counted("stats_minute")).toEqual(await found());
  const settings = { retentionPlan: async () => plan() };
  const sought = { ...span, allKeptFrom: await allKeptFrom({ ...context, settings }) };
  const histogram = await getHistogram(context, { query: parseQuery(""), ...sought });
  expect(histogram.total_count).toBe(entries.length);
  const scanned = await getHistogram(context, { query: parseQuery("/./"), ...sought });
  expect(scanned.total_count).toBe(entries.length);
  let exported = "";
  for await (const piece of exportLogs(context, { query: parseQuery(""), ...span }, "ndjson")) exported += piece;
  expect(exported.split("\n").filter(Boolean)).toHaveLength(entries.length);
}

beforeEach(async () => {
  await context.db.execute(sql`
    truncate logs.logs, logs.segments, logs.stats_minute, logs.stats_hour, logs.stats_day, logs.stats_stale, logs.pattern_minute,
      logs.pattern_hour, logs.pattern_day, logs.services cascade`);
  await context.db.execute(sql`update logs.stats_progress set complete_until = 'epoch'`);
  context.clock.set(`${DAY}T12:00:00Z`);
});

describe.each(["in the database", "sealed"] as const)("entries that are %s", (place) => {
  const prepare = async (entries: readonly unknown[]) => {
    await send(entries);
    if (place === "sealed") await seal("2026-03-02T00:20:00Z");
  };

  test("given a rule for a level, then its entries go with the end of the day in which they are so old, and no other", async () => {
    await prepare(entriesOf(DAY, ["shop", "audit"], ["debug", "info"]));
    const all = await found();

    expect(await keep("2026-03-04T23:59:59.999Z", plan(DEBUG_3))).toMatchObject({ expired_entries: 0 });
    expect(await found()).toEqual(all);
    const [debug] = await find("level:debug");

    expect(await keep("2026-03-05T00:00:00Z", plan(DEBUG_3))).toEqual({ dropped_days: [], expired_entries: 10 });
    expect(await found()).toEqual({ "shop info": 5, "audit info": 5 });
    await expectAgreement();
    await expect(getEntry(context, debug?.id ?? "")).rejects.toThrow("there is no entry");
    expect(await keep("2026-03-05T01:00:00Z", plan(DEBUG_3))).toMatchObject({ expired_entries: 0 });
  });

  test("given a service with more days than the others, then what is left of a day is its entries, until these go too", async () => {
    await prepare(entriesOf(DAY, ["shop", "audit"], ["debug", "info", "error"]));
    const retention = plan(DEBUG_3, AUDIT_60, { service: "audit", level: "debug", days: 1 });

    await keep("2026-03-03T00:00:00Z", retention);
    expect(await found()).toMatchObject({ "shop debug": 5, "audit info": 5 });
    expect(await counted("stats_minute")).not.toHaveProperty("audit debug");
    await keep("2026-03-05T00:00:00Z", retention);
    expect(await found()).toEqual({ "shop info": 5, "shop error": 5, "audit info": 5, "audit error": 5 });
    await keep("2026-04-01T00:00:00Z", retention);
    expect(await found()).toEqual({ "audit info": 5, "audit error": 5 });
    await expectAgreement();
    const names = await context.db.execute(sql`select name from logs.services`);
    expect(names.rows).toEqual([{ name: "audit" }]);
    expect(await keep("2026-05-01T00:00:00Z", retention)).toMatchObject({ dropped_days: [DAY] });
    expect(await found()).toEqual({});
    expect(await counted("stats_minute")).toEqual({});
  });

  test("given late entries of a service that is kept, when others of the day are gone, then they are found and counted, and so is what is left", async () => {
    await prepare(entriesOf(DAY, ["shop", "audit"], ["debug", "info"]));
    await keep("2026-03-05T00:00:00Z", plan(DEBUG_3));
    await send(entriesOf(DAY, ["shop"], ["info"], 2));
    await expectAgreement();
    await seal("2026-03-05T08:00:00Z");
    await keep("2026-03-05T09:00:00Z", plan(DEBUG_3));
    expect(await found()).toEqual({ "shop info": 7, "audit info": 5 });
    await expectAgreement();
  });

  test("given that rules get longer, then what is gone stays gone and later entries are kept for longer", async () => {
    await prepare(entriesOf(DAY, ["shop"], ["debug", "info"]));
    await keep("2026-03-05T00:00:00Z", plan(DEBUG_3));
    await send(entriesOf(DAY, ["shop"], ["debug"], 1));
    await seal("2026-03-05T08:00:00Z");
    await keep("2026-03-06T00:00:00Z", plan());
    expect(await found()).toEqual({ "shop debug": 1, "shop info": 5 });
    await expectAgreement();
  });

  test("given that rules get shorter, then what they took goes at the next run", async () => {
    await prepare(entriesOf(DAY, ["shop", "audit"], ["debug", "info"]));
    await keep("2026-03-09T00:00:00Z", plan());
    expect(await find()).toHaveLength(20);
    await keep("2026-03-09T01:00:00Z", plan({ service: "audit", level: null, days: 5 }));
    expect(await found()).toEqual({ "shop debug": 5, "shop info": 5 });
    await expectAgreement();
  });

  test("given counts that are kept for longer, then charts show what is gone, until its counts go too", async () => {
    await prepare(entriesOf(DAY, ["shop"], ["debug", "error"]));
    const retention = new RetentionPlan(30, 7, [DEBUG_3]);
    await keep("2026-03-05T00:00:00Z", retention);
    expect(await counted("stats_minute")).toEqual({ "shop error": 5 });
    expect(await counted("stats_hour")).toEqual({ "shop debug": 5, "shop error": 5 });
    const trend = await getTrend(context, "shop", "1w");
    expect(trend.buckets.reduce((sum, { count_by_level }) => sum + count_by_level.debug, 0)).toBe(5);

    // Late ones of an hour make it be rolled up again, which must not forget what is counted there only.
    await send(entriesOf(DAY, ["shop"], ["error"], 1));
    await keep("2026-03-05T02:00:00Z", retention);
    expect(await counted("stats_hour")).toEqual({ "shop debug": 5, "shop error": 6 });
    expect(await counted("stats_day")).toEqual({ "shop debug": 5, "shop error": 6 });

    await keep("2026-03-09T00:00:00Z", retention);
    // Of what is there the counts are kept.
    expect(await counted("stats_hour")).toEqual({ "shop error": 6 });
    expect(await counted("stats_day")).toEqual({ "shop error": 6 });
  });
});

describe("a segment of which some is hidden", () => {
  const prepare = async () => {
    await send(entriesOf(DAY, ["shop", "audit", "pay", "mail"], ["debug", "info", "error"]));
    await seal("2026-03-02T00:20:00Z");
  };
  const ONE_OF_TWELVE = plan({ service: "shop", level: "debug", days: 3 });

  test("given that it is little, then the file stays for a week, and then is written without it", async () => {
    await prepare();
    const [before] = await segments();
    await keep("2026-03-05T00:00:00Z", ONE_OF_TWELVE);
    await seal("2026-03-05T00:01:00Z");
    const [hiding] = await segments();
    expect(hiding).toMatchObject({ id: before?.id, rows: 60, hiddenRows: 5 });
    await seal("2026-03-12T00:00:00Z");
    expect((await segments())[0]?.id).toBe(before?.id);
    await seal("2026-03-12T00:01:00Z");
    const written = await segments();
    expect(written).toMatchObject([{ rows: 55, hiddenRows: 0, hidden: null }]);
    expect(written[0]?.id).not.toBe(before?.id);
    await expectAgreement();
  });

  test("given that it is much, then the file is written anew by the next run, and has no trace of it", async () => {
    await prepare();
    await keep("2026-03-05T00:00:00Z", plan(DEBUG_3));
    expect(await segments()).toMatchObject([{ rows: 60, hiddenRows: 20 }]);
    expect(await seal("2026-03-05T00:01:00Z")).toMatchObject({ joined_segments: 1 });
    expect(await segments()).toMatchObject([{ rows: 40, levels: ["info", "error"] }]);
    await expectAgreement();
  });

  test("given that nothing is left of it, then it goes", async () => {
    await send(entriesOf(DAY, ["shop"], ["debug"]));
    await seal("2026-03-02T00:20:00Z");
    await keep("2026-03-05T00:00:00Z", plan(DEBUG_3));
    expect(await segments()).toEqual([]);
    await expectAgreement();
  });

  test("given several segments with something hidden, when they are joined, then each leaves out its own", async () => {
    await send(entriesOf(DAY, ["shop"], ["debug", "info", "error", "warning", "fatal", "trace"]));
    await seal("2026-03-02T00:20:00Z");
    await keep("2026-03-05T00:00:00Z", plan(DEBUG_3));
    // The rule is gone: later entries of that level stay.
    for (let hour = 7; hour < 24 * 3; hour += 7) {
      await send(entriesOf(DAY, ["shop"], ["debug"], 1));
      await seal(new Date(Date.parse("2026-03-05T00:00:00Z") + hour * 3_600_000).toISOString());
    }
    const after = await segments();
    expect(after.length).toBeLessThan(5);
    expect(after.every(({ hidden }) => hidden === null)).toBe(true);
    expect(await found()).toMatchObject({ "shop debug": 10, "shop info": 5 });
    await expectAgreement();
  });

  test("given one that is damaged, then the others lose what is past its retention, and the run says which could not", async () => {
    await send(entriesOf(DAY, ["shop"], ["debug", "info"]));
    await seal("2026-03-02T00:20:00Z");
    await send(entriesOf("2026-03-02", ["shop"], ["debug", "info"]));
    await seal("2026-03-03T00:20:00Z");
    const [newer, older] = await segments();
    await rm(path.join(context.folder, "segments", older?.path ?? ""));
    await expect(keep("2026-03-06T00:00:00Z", plan(DEBUG_3))).rejects.toThrow(
      `entries of ${older?.path} could not be removed`,
    );
    expect((await segments()).map(({ id, hiddenRows }) => [id, hiddenRows])).toEqual([
      [newer?.id, 5],
      [older?.id, 0],
    ]);
    expect(await counted("stats_minute")).toEqual({ "shop debug": 5, "shop info": 10 });
  });
});

describe("a run that is killed", () => {
  test.each(["read", "hidden", "counted"])(
    "given that it is killed when a segment's entries are %s, then they are all there, and the next run removes them",
    async (step) => {
      await send(entriesOf(DAY, ["shop", "audit"], ["debug", "info"]));
      await seal("2026-03-02T00:20:00Z");
      const now = "2026-03-05T00:00:00Z";
      const run = promisify(execFile)(process.execPath, [
        "--import",
        "tsx",
        "core/retention/testing/expire-and-die.ts",
        context.url,
        context.folder,
        step,
        now,
      ]);
      await expect(run).rejects.toMatchObject({ signal: "SIGKILL" });
      expect(await find()).toHaveLength(20);
      await expectAgreement();
      expect(await keep(now, plan(DEBUG_3))).toMatchObject({ expired_entries: 10 });
      await expectAgreement();
    },
  );
});

test("given writers of late entries, sealing and joining while entries expire, then counts and entries agree, and none is lost that is kept", async () => {
  await send(entriesOf(DAY, ["shop", "audit"], ["debug", "info", "error"], 60));
  let now = Date.parse("2026-03-05T00:00:00Z");
  let isOver = false;
  const write = async () => {
    for (let batch = 0; batch < 30; batch++) await send(entriesOf(DAY, ["shop", "audit"], ["debug", "info"], 20));
    isOver = true;
  };
  const work = async (run: () => Promise<unknown>) => {
    while (!isOver) {
      now += (7 * 3_600_000) / 60;
      context.clock.set(new Date(now).toISOString());
      await run();
    }
  };
  await Promise.all([write(), work(() => sealSegments(context)), work(() => applyRetention(context, plan(DEBUG_3)))]);
  await applyRetention(context, plan(DEBUG_3));
  expect(await counted("stats_minute")).toEqual({
    "shop info": 660,
    "audit info": 660,
    "shop error": 60,
    "audit error": 60,
  });
  const { rows } = await context.db.execute<{ rows: number }>(sql`
    select (select count(*) from logs.logs)::int + (select coalesce(sum(rows - hidden_rows), 0) from logs.segments)::int as rows`);
  expect(rows).toEqual([{ rows: 1_440 }]);
  const errors = await find("level:error");
  expect(errors).toHaveLength(120);
});
