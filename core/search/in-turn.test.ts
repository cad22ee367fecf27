import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { sealSegments } from "@/core/segments/seal-segments";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { getContext, readAround } from "./get-context";
import { getEntry } from "./get-entry";
import { getHistogram } from "./get-histogram";
import { parseQuery } from "./query/parse";
import { searchLogs } from "./search-logs";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const span = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };
const DAYS = ["2026-03-06", "2026-03-07", "2026-03-08"];
/** More than any of these takes here: nothing ends by its time, however slow the machine is. */
const LONG_MS = 120_000;

const search = (q: string) => searchLogs(context, { query: parseQuery(q), ...span, limit: 10, withinMs: LONG_MS });
const { duck } = context.segments;
const { turns: ofSealed } = duck;

/** All that DuckDB does at once, so that everybody else waits. @returns what ends it */
async function occupySealed(): Promise<() => void> {
  const releases = [await ofSealed.take(), await ofSealed.take()];
  return () => {
    for (const release of releases) release();
  };
}

let [hot, sealed] = ["", ""];
beforeAll(async () => {
  const lines = DAYS.map((day) => ({ service: "shop", message: `line of ${day}`, timestamp: `${day}T10:00:00Z` }));
  await sendEntries(ingestOf(context), lines);
  await sealSegments(context);
  await sendEntries(ingestOf(context), [{ service: "shop", message: "line of today", timestamp: NOW }]);
  const { entries } = await search("line");
  [hot = "", , sealed = ""] = entries.map(({ id }) => id);
});

test("given many searches at once of what is sealed, then so many wait, the next is told to come again, sealing is not, and all find what is there", async () => {
  const release = await occupySealed();
  const searches = Array.from({ length: LIMITS.waitingReads }, () => search("line 2026-03-06"));
  await expect.poll(() => ofSealed.waiting, { timeout: LONG_MS }).toBe(LIMITS.waitingReads);
  const refused = { kind: "too_busy", retryAfterSeconds: 5 };
  await expect(search("line")).rejects.toMatchObject(refused);
  await expect(
    getHistogram(context, { query: parseQuery("/line/"), ...span, allKeptFrom: new Date(0) }),
  ).rejects.toMatchObject(refused);
  await expect(getEntry(context, sealed)).rejects.toMatchObject(refused);
  const ofSealing = duck.read(sql`select 1 as one`, z.object({ one: z.number() }));
  expect(ofSealed.waiting).toBe(LIMITS.waitingReads + 1);
  release();
  expect(await ofSealing).toEqual([{ one: 1 }]);
  for (const { entries, waited_ms, timed_out } of await Promise.all(searches)) {
    expect(entries.map(({ message }) => message)).toEqual(["line of 2026-03-06"]);
    expect(timed_out).toBe(false);
    expect(waited_ms).toBeGreaterThan(0);
  }
  expect(ofSealed.waiting).toBe(0);
}, 180_000);

test("given a search that waits for others of what is sealed alone, then it says for how long", async () => {
  const release = await occupySealed();
  const searching = search("line 2026-03-06");
  await expect.poll(() => ofSealed.waiting).toBe(1);
  const askedMs = performance.now();
  await expect.poll(() => performance.now() - askedMs).toBeGreaterThan(50);
  const waitedMs = performance.now() - askedMs;
  release();
  expect((await searching).waited_ms).toBeGreaterThanOrEqual(Math.floor(waitedMs));
});

test("given what is sealed that nobody may read for long, when entries around one are asked for, then what is found in time is told, and that it is not all", async () => {
  expect(await getContext(context, hot, 5, { withinMs: LONG_MS })).toMatchObject({
    before: DAYS.toReversed().map((day) => ({ message: `line of ${day}` })),
    timed_out: false,
  });
  const entry = await getEntry(context, hot, { withinMs: LONG_MS });
  const release = await occupySealed();
  try {
    expect(await readAround(context, entry, 5, { withinMs: 2_000 })).toMatchObject({
      entry: { message: "line of today" },
      before: [],
      timed_out: true,
    });
    await expect(getEntry(context, sealed, { withinMs: 2_000 })).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("was not found within 2 seconds"),
    });
  } finally {
    release();
  }
  expect(ofSealed.waiting).toBe(0);
});

test("given one who goes away, then what is read of one entry and of those around it ends", async () => {
  const release = await occupySealed();
  try {
    for (const read of [getEntry, (...[of, id, limit]: Parameters<typeof getEntry>) => getContext(of, id, 5, limit)]) {
      const asking = new AbortController();
      const reading = read(context, sealed, { withinMs: LONG_MS, signal: asking.signal });
      await expect.poll(() => ofSealed.waiting).toBe(1);
      asking.abort(new Error("the client has gone"));
      await expect(reading).rejects.toThrow("the client has gone");
      expect(ofSealed.waiting).toBe(0);
    }
  } finally {
    release();
  }
});

test("given searches of which too many wait already, then one entry is told to come again too", async () => {
  const turns = { ...context.turns, quick: new Turns(1, { most: 0, what: "searches" }) };
  await expect(getEntry({ ...context, turns }, hot)).rejects.toMatchObject({ kind: "too_busy" });
});
