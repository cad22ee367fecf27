import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { DAY_MS, MINUTE_MS } from "@/core/clock";
import { parseQuery } from "@/core/search/query/parse";
import { hideInSegment, listSegments } from "@/core/segments/catalogue";
import { joinSegments } from "@/core/segments/join-segments";
import { sealSpan } from "@/core/segments/seal-span";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { findPipe } from "./find-pipe";
import { getStats } from "./get-stats";
import { removeLeastUsed } from "./kept-groups";
import { parsePipes } from "./parse-pipes";

const context = testDatabase("2026-03-10T12:00:00Z");
const START = Date.parse("2026-03-01T00:00:00Z");
const DAYS = 4;
const ALL = { from: new Date(START), to: new Date(START + DAYS * DAY_MS) };
const PER_DAY = 20;

/** A segment a day, of 20 entries an hour apart. */
beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  context.segments.groups.clear();
  for (let day = 0; day < DAYS; day++) {
    const from = START + day * DAY_MS;
    const entries = Array.from({ length: PER_DAY }, (_, index) => ({
      service: index % 2 === 0 ? "shop" : "pay",
      level: index % 5 === 0 ? "error" : "info",
      message: "m",
      attributes: { took: index },
      timestamp: from + index * 60 * MINUTE_MS,
    }));
    await sendEntries(ingestOf(context), entries);
    await sealSpan(context, { from: new Date(from), to: new Date(from + DAY_MS), splits: false });
  }
});

const Q = "| stats count() as n, sum(took) as s, max(took) as most";

async function ask(q = Q, range = ALL) {
  const pipe = findPipe(q) ?? 0;
  const query = parseQuery(q.slice(0, pipe));
  return getStats(context, { query, pipeline: parsePipes(q, pipe), allKeptFrom: new Date(0), ...range });
}

const keptRows = async () => {
  const { rows } = await context.db.execute<{ segment: string; bytes: number; used_at: string }>(
    sql`select * from logs.segment_groups order by segment`,
  );
  return rows;
};

/** Makes what is kept tell something that nobody could compute. */
const mark = () =>
  context.db.execute(sql`update logs.segment_groups set groups = replace(groups, '"entries":20', '"entries":1020')`);

test("given the same question again, then no segment is computed again, not by another instance either", async () => {
  const first = await ask();
  expect(first).toMatchObject({ rows: [[80, 4 * 190, 19]], entries: 80 });
  expect(await keptRows()).toHaveLength(DAYS);
  await mark();
  expect(await ask()).toMatchObject({ entries: 80 });
  // As another process, which has nothing in its memory.
  context.segments.groups.clear();
  expect(await ask()).toMatchObject({ entries: 4_080, rows: first.rows });
  // Another question is another one, whatever its columns are called.
  expect(await ask(Q.replace("max", "min"))).toMatchObject({ entries: 80 });
  expect(await ask(Q.replace("as n", "as other"))).toMatchObject({ entries: 4_080 });
});

test("given segments that are joined, then what was kept of them goes with them", async () => {
  for (let late = 0; late < 6; late++) {
    await sendEntries(ingestOf(context), [{ message: "late", attributes: { took: late }, timestamp: START + late }]);
    await sealSpan(context, { from: ALL.from, to: new Date(START + DAY_MS), splits: false });
  }
  const first = await ask();
  expect(first).toMatchObject({ rows: [[86, 4 * 190 + 15, 19]] });
  expect(await keptRows()).toHaveLength(DAYS + 6);
  expect(await joinSegments(context)).toBeGreaterThan(0);
  const left = (await listSegments(context.db, ALL.from, ALL.to)).map(({ id }) => id);
  expect((await keptRows()).every(({ segment }) => left.includes(Number(segment)))).toBe(true);
  expect(await ask()).toEqual(first);
});

test("given groups of segments that are kept while these are being joined, then they are joined, and what was kept goes with them", async () => {
  for (let late = 0; late < 6; late++) {
    await sendEntries(ingestOf(context), [{ message: "late", attributes: { took: late }, timestamp: START + late }]);
    await sealSpan(context, { from: ALL.from, to: new Date(START + DAY_MS), splits: false });
  }
  const { store } = context.segments;
  const asking: typeof store = Object.assign(Object.create(store), {
    async put(...stored: Parameters<typeof store.put>) {
      await ask();
      await store.put(...stored);
    },
  });
  expect(await joinSegments({ ...context, segments: { ...context.segments, store: asking } })).toBe(7);
  const left = (await listSegments(context.db, ALL.from, ALL.to)).map(({ id }) => id);
  expect((await keptRows()).every(({ segment }) => left.includes(Number(segment)))).toBe(true);
  expect(await ask()).toMatchObject({ rows: [[86, 4 * 190 + 15, 19]] });
});

test("given entries that are hidden since, then they are in no answer any more", async () => {
  await ask();
  const [segment] = await listSegments(context.db, ALL.from, new Date(START + DAY_MS));
  const hidden = { before: null, levels: { error: { all_but: [] } } };
  await context.db.transaction((transaction) =>
    hideInSegment(transaction, segment?.id ?? 0, { hidden, more: 4, now: context.clock.now() }),
  );
  expect(await keptRows()).toHaveLength(DAYS - 1);
  expect(await ask()).toMatchObject({ rows: [[76, 4 * 190 - 30, 19]] });
});

test("given a time that cuts a segment, then only those that lie in it as a whole are kept for others", async () => {
  const range = { from: new Date(START + 90 * MINUTE_MS), to: new Date(ALL.to.getTime() - 10 * MINUTE_MS) };
  expect(await ask(Q, range)).toMatchObject({ rows: [[78, 4 * 190 - 1, 19]] });
  expect(await keptRows()).toHaveLength(DAYS - 1);
  await context.db.execute(sql`delete from logs.segment_groups`);
  // What was cut is known by the hour in this process: a minute later only the first hour is computed again.
  const computed = context.segments.groups.size;
  const later = { ...range, from: new Date(range.from.getTime() + MINUTE_MS) };
  expect(await ask(Q, later)).toMatchObject({ rows: [[78, 4 * 190 - 1, 19]] });
  expect(context.segments.groups.size).toBe(computed + 1);
});

test("given more than may be kept, then what was not used for longest goes", async () => {
  await ask();
  context.clock.set("2026-03-10T14:00:00Z");
  context.segments.groups.clear();
  await ask(Q, { from: ALL.from, to: new Date(START + DAY_MS) });
  const rows = await keptRows();
  expect(rows.map(({ used_at }) => new Date(used_at).getUTCHours())).toEqual([14, 12, 12, 12]);
  await removeLeastUsed(context.db, (rows[0]?.bytes ?? 0) + 10);
  expect(await keptRows()).toEqual(rows.slice(0, 1));
});

test("given a result that is too much to be kept, then it is computed each time, and right", async () => {
  await context.db.execute(sql`truncate logs.segments cascade`);
  const text = "x".repeat(2_000);
  const entries = Array.from({ length: 600 }, (_, index) => ({
    message: "m",
    attributes: { long: `${index}${text}`, place: index },
    timestamp: START + index,
  }));
  await sendEntries(ingestOf(context), entries);
  await sealSpan(context, { from: ALL.from, to: ALL.to, splits: false });
  for (let time = 0; time < 2; time++)
    for (const q of ["| stats count() by (long)", "| stats first(long) by (place)"])
      expect(await ask(q)).toMatchObject({ total_rows: 600 });
  expect(await keptRows()).toEqual([]);
});
