import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { addMs, MINUTE_MS } from "@/core/clock";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { deleteSegments, findSegment, hideInSegment, listSegments } from "./catalogue";
import { joinSegments } from "./join-segments";
import { sealSpan } from "./seal-span";
import { SEGMENT_SIZE } from "./segment-size";

const context = testDatabase("2026-03-10T12:00:00Z");
const DAY = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };

const segments = () => listSegments(context.db, DAY.from, DAY.to);
const found = async () =>
  (await searchLogs(context, { query: parseQuery(""), ...DAY, limit: 100 })).entries.map(({ message }) => message);

/** Six segments of two entries each. */
beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  for (let index = 0; index < 6; index++) {
    const entries = ["info", "debug"].map((level) => ({
      service: "shop",
      level,
      message: `${level} ${index}`,
      timestamp: addMs(DAY.from, index * MINUTE_MS).getTime(),
    }));
    await sendEntries(ingestOf(context), entries);
    await sealSpan(context, { ...DAY, splits: false });
  }
});

/** Joins, and does something else when segments are chosen and before they are joined, as another instance may. */
function joinWhile(happens: () => Promise<unknown>) {
  let isDone = false;
  const { store } = context.segments;
  const slow: typeof store = Object.assign(Object.create(store), {
    async hold(...asked: Parameters<typeof store.hold>) {
      const held = await store.hold(...asked);
      if (!isDone) {
        isDone = true;
        await happens();
      }
      return held;
    },
  });
  return joinSegments({ ...context, segments: { ...context.segments, store: slow } });
}

test("given a segment that retention removes while it is being joined, then its entries stay removed", async () => {
  const [latest] = await segments();
  const joined = await joinWhile(() => deleteSegments(context.db, [latest?.id ?? 0]));
  expect(joined).toBe(5);
  expect(await segments()).toHaveLength(1);
  expect(await found()).toEqual([4, 3, 2, 1, 0].flatMap((index) => [`debug ${index}`, `info ${index}`]));
});

test("given entries that retention hides while their segment is being joined, then they stay hidden", async () => {
  const [latest] = await segments();
  const hidden = { before: null, levels: { debug: { all_but: [] } } };
  const hide = () => hideInSegment(context.db, latest?.id ?? 0, { hidden, more: 1, now: context.clock.now() });
  await joinWhile(hide);
  expect(await findSegment(context.db, latest?.id ?? 0)).toBeNull();
  expect(await found()).toEqual(["info 5", ...[4, 3, 2, 1, 0].flatMap((index) => [`debug ${index}`, `info ${index}`])]);
});

test("given a segment with more entries than fit into one, of which some are hidden, then it is written anew without them", async () => {
  const [latest] = await segments();
  const hidden = { before: null, levels: { debug: { all_but: [] } } };
  await hideInSegment(context.db, latest?.id ?? 0, { hidden, more: 1, now: context.clock.now() });
  // As when more entries than that have come in one second: one entry is left of it, and none fits.
  expect(await joinSegments(context, { ...SEGMENT_SIZE, entries: 0.5 })).toBe(1);
  expect(await findSegment(context.db, latest?.id ?? 0)).toBeNull();
  expect(await segments()).toHaveLength(6);
  expect(await found()).toEqual(["info 5", ...[4, 3, 2, 1, 0].flatMap((index) => [`debug ${index}`, `info ${index}`])]);
});

test("given texts with what rows are written with on their way, then they are joined as they are", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  const texts = [
    "",
    "\x1e",
    "\x1f",
    "a\x1e\x1eb",
    "two\nlines\r\n",
    "\x1e\nend\x1f\x1e",
    '"quoted", ümläut 😀',
    "\t\\N",
  ];
  for (const [index, text] of texts.entries()) {
    const entry = {
      service: "shop",
      message: text,
      timestamp: addMs(DAY.from, index * MINUTE_MS).getTime(),
      tags: text === "" ? undefined : [text, "a,b"],
      attributes: { text, nested: [text] },
    };
    await sendEntries(ingestOf(context), [entry]);
    await sealSpan(context, { ...DAY, splits: false });
  }
  const read = async () => (await searchLogs(context, { query: parseQuery(""), ...DAY, limit: 100 })).entries;
  const before = await read();
  expect(before).toHaveLength(texts.length);
  expect(await joinSegments(context)).toBe(texts.length);
  expect(await segments()).toHaveLength(1);
  expect(await read()).toEqual(before);
});
