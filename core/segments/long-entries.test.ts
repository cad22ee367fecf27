import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { addMs, DAY_MS, HOUR_MS } from "@/core/clock";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { testDatabase } from "@/core/testing/test-database";
import { listSegments, readBlocks } from "./catalogue";
import { chooseSpan } from "./choose-span";
import { entriesOf } from "./duck";
import { joinSegments } from "./join-segments";
import { sealSegments } from "./seal-segments";
import { sealSpan } from "./seal-span";
import { SEGMENT_SIZE } from "./segment-size";

const context = testDatabase("2026-03-10T12:00:00Z");
const FROM = new Date("2026-03-08T00:00:00Z");
const DAY = { from: FROM, to: addMs(FROM, DAY_MS) };
/** About, of the message and of the attributes of each. */
const TEXT_BYTES = 4_096;

/** Long entries, which are not alike, one a second. */
async function store(entries: number, from: Date = FROM): Promise<void> {
  await context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message, attributes)
    select ${from}::timestamptz + number * interval '1 second', 'shop', 'info',
      'entry ' || number || ' ' || repeat(md5(number::text), ${TEXT_BYTES / 32}::int),
      ('{"number":' || number || ',"text":"' || repeat(md5((-number)::text), ${TEXT_BYTES / 32}::int) || '"}')::json
    from generate_series(1, ${entries}::int) as number`);
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select date_bin('1 minute', timestamp, timestamptz 'epoch'), service, level, count(*) from logs.logs group by 1, 2, 3`);
}

const read = async () => ({
  total: (await getHistogram(context, { query: parseQuery("/entry/"), ...DAY, allKeptFrom: new Date(0) })).total_count,
  newest: (await searchLogs(context, { query: parseQuery(""), ...DAY, limit: 20 })).entries,
  one: (await searchLogs(context, { query: parseQuery("number:7"), ...DAY, limit: 20 })).entries,
});
const segments = () => listSegments(context.db, DAY.from, DAY.to);

beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments, logs.stats_minute cascade`);
  await context.db.execute(sql`
    create table if not exists logs.logs_20260308 partition of logs.logs for values from ('2026-03-08') to ('2026-03-09')`);
});

test("given entries that are too long for a row group of as many as else, then they are sealed in smaller ones, and all are found", async () => {
  const entries = 6_000;
  await store(entries);
  const before = await read();
  expect(before.total).toBe(entries);
  expect(before.one).toHaveLength(1);

  expect(await sealSegments(context)).toMatchObject({ sealed_entries: entries, sealed_segments: 1 });

  expect(await read()).toEqual(before);
  const [segment] = await segments();
  const file = `${context.folder}/segments/${segment?.path}`;
  const groups = await context.segments.duck.read(
    sql`select "timestamp" from ${entriesOf([file])} where false union all
      select null from (select distinct row_group_id from parquet_metadata(${file}))`,
    z.unknown(),
  );
  const fewest = (entries * TEXT_BYTES * 2) / context.segments.duck.rowGroupTextBytes;
  expect(groups.length).toBeGreaterThanOrEqual(fewest);
  const blocks = await readBlocks(context.db, [segment?.id ?? 0], { withWords: false, mostBytes: 1e6 });
  expect(blocks.length).toBeGreaterThanOrEqual(fewest);
  expect(blocks.reduce((sum, { rows }) => sum + rows, 0)).toBe(entries);
});

test("given small segments of long entries, then so many are joined as one may have bytes, and all are found", async () => {
  const [parts, entries] = [6, 600];
  for (let part = 0; part < parts; part++) {
    await store(entries, addMs(FROM, part * HOUR_MS));
    await sealSpan(context, { ...DAY, splits: false });
  }
  const before = await read();
  expect(before.total).toBe(parts * entries);
  expect(before.one).toHaveLength(parts);

  const ofOne = Math.max(...(await segments()).map(({ textBytes }) => textBytes ?? 0));
  expect(await joinSegments(context, { ...SEGMENT_SIZE, textBytes: 4.5 * ofOne })).toBe(4);

  expect((await segments()).map(({ rows }) => rows).sort((a, b) => a - b)).toEqual([entries, entries, 4 * entries]);
  expect(await read()).toEqual(before);
});

test("given more bytes than one segment may have, then what is sealed first ends where it has them", async () => {
  await store(100);
  expect(await chooseSpan(context)).toEqual({ from: addMs(FROM, 1_000), to: addMs(FROM, 101_000), splits: false });
  const size = { ...SEGMENT_SIZE, textBytes: 10 * 2 * TEXT_BYTES };
  expect(await chooseSpan(context, false, size)).toEqual({
    from: addMs(FROM, 1_000),
    to: addMs(FROM, 11_000),
    splits: false,
  });
});
