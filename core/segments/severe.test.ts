import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { testDatabase } from "@/core/testing/test-database";
import { listSegments } from "./catalogue";
import { joinSegments } from "./join-segments";
import { sealSegments } from "./seal-segments";
import { sealSpan } from "./seal-span";

const context = testDatabase("2026-03-10T12:00:00Z");
const DAY = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };
const ENTRIES = 60_000;

const empty = () => context.db.execute(sql`truncate logs.logs, logs.segments, logs.stats_minute cascade`);

/** One a second, every fifth of which is an error, and of those every hundredth is fatal. */
async function store(entries: number): Promise<void> {
  await context.db.execute(sql`
    create table if not exists logs.logs_20260308 partition of logs.logs for values from ('2026-03-08') to ('2026-03-09')`);
  await context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message)
    select ${DAY.from}::timestamptz + number * interval '1 second', 'shop',
      (case when number % 500 = 0 then 'fatal' when number % 5 = 0 then 'error' else 'info' end)::logs.level, 'entry ' || number
    from generate_series(1, ${entries}::int) as number`);
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select date_bin('1 minute', timestamp, timestamptz 'epoch'), service, level, count(*) from logs.logs group by 1, 2, 3
    on conflict (bucket, service, level) do update set count = logs.stats_minute.count + excluded.count`);
}

const find = async (q: string, limit = 1_000) =>
  (await searchLogs(context, { query: parseQuery(q), ...DAY, limit })).entries.map(({ message }) => message);

const kinds = async () =>
  (await listSegments(context.db, DAY.from, DAY.to)).map(({ levels, rows }) => ({ levels, rows }));

const numbers = (from: number, step: number, count: number) =>
  Array.from({ length: count }, (_, index) => `entry ${from - index * step}`);

test("given many errors among other entries, then they are sealed by themselves, and everybody finds them among the others", async () => {
  await empty();
  await store(ENTRIES);
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: ENTRIES, sealed_segments: 2 });
  expect(await kinds()).toEqual([
    { levels: ["error", "fatal"], rows: ENTRIES / 5 },
    { levels: ["info"], rows: (ENTRIES * 4) / 5 },
  ]);
  expect(await find("level:fatal")).toEqual(numbers(ENTRIES, 500, ENTRIES / 500));
  expect(await find("level>=error", 100)).toEqual(numbers(ENTRIES, 5, 100));
  expect(await find("", 100)).toEqual(numbers(ENTRIES, 1, 100));
});

test("given few errors, then they stay with the others", async () => {
  await empty();
  await store(1_000);
  expect(await sealSegments(context)).toMatchObject({ sealed_entries: 1_000, sealed_segments: 1 });
  expect(await find("level:fatal")).toEqual(["entry 1000", "entry 500"]);
});

test("given many small segments of errors and of others, then each kind becomes one", async () => {
  await empty();
  for (let times = 0; times < 5; times++) {
    await store(500);
    await sealSpan(context, { ...DAY, splits: true });
  }
  expect(await kinds()).toHaveLength(10);
  expect(await joinSegments(context)).toBe(10);
  expect(await kinds()).toEqual([
    { levels: ["error", "fatal"], rows: 500 },
    { levels: ["info"], rows: 2_000 },
  ]);
  expect(await find("level:fatal")).toEqual(Array.from({ length: 5 }, () => "entry 500"));
});
