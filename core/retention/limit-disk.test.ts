import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { getStats } from "@/core/analytics/get-stats";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { codeOf } from "@/core/error-code";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { listSegments } from "@/core/segments/catalogue";
import { STORE_SETTING } from "@/core/segments/check-store";
import { sealSegments } from "@/core/segments/seal-segments";
import { getStorage } from "@/core/segments/storage/get-storage";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { allKeptFrom } from "./all-kept-from";
import { limitDisk } from "./limit-disk";
import { needsRoom, storedBytes } from "./needs-room";
import { RetentionPlan } from "./retention-plan";
import { readStorageState } from "./storage-state";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const span = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };

const send = (day: string, count: number, stepMs = 1_000) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, (_, index) => ({
      service: "shop",
      level: index % 2 === 0 ? "info" : "error",
      message: `${day} ${index}`,
      // So that segments are no small part of what is stored: nothing makes it smaller.
      attributes: { noise: randomBytes(15_000).toString("base64") },
      timestamp: Date.parse(`${day}T10:00:00Z`) + index * stepMs,
    })),
  );
const found = async () =>
  (await searchLogs(context, { query: parseQuery(""), ...span, limit: 1_000 })).entries
    .map(({ message }) => message)
    .reverse();
const segments = async () => (await listSegments(context.db, span.from, span.to)).reverse();

/** A limit for which segments of so many bytes must go. */
async function limitThatFrees(bytes: number): Promise<number> {
  await limitDisk(context, null);
  const state = await readStorageState(context);
  if (!state) throw new Error("nothing is known of the store");
  return (storedBytes(state) - bytes) / LIMITS.diskFreeShare;
}

async function expectAgreement(): Promise<void> {
  const { rows } = await context.db.execute<{ counted: number }>(sql`
    select coalesce(sum(count), 0)::int as counted from logs.stats_minute`);
  const { total_count } = await getHistogram(context, { query: parseQuery("/./"), ...span, allKeptFrom: new Date(0) });
  expect(rows).toEqual([{ counted: total_count }]);
  expect((await found()).length).toBe(total_count);
}

beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments, logs.stats_minute, logs.pattern_minute cascade`);
  await context.db.execute(sql`delete from logs.settings where name <> ${STORE_SETTING}`);
  context.clock.set(NOW);
});

test("given less than may be stored, then nothing goes, and how much it is is written down", async () => {
  await send("2026-03-05", 100);
  await sealSegments(context, 1e12);
  expect(await found()).toHaveLength(100);
  const [segment] = await segments();
  const state = await readStorageState(context);
  expect(state).toMatchObject({
    at: "2026-03-10T12:00:00.000Z",
    segment_bytes: segment?.bytes,
    max_bytes: 1e12,
    oldest: "2026-03-05T10:00:00.000Z",
    removed: null,
  });
  expect(state?.database_bytes).toBeGreaterThan(100_000);
});

test("given more than may be stored, then the oldest segments go, with late entries of their time and the counts, and it is told", async () => {
  for (const day of ["2026-03-05", "2026-03-06", "2026-03-07"]) await send(day, 100);
  await sealSegments(context);
  await send("2026-03-05", 1);
  await send("2026-03-07", 1);
  const [first, second] = await segments();
  const most = await limitThatFrees((first?.bytes ?? 0) + 1);

  // 101 of the first day, and of the second what is before its last minute, from 10:00:00 to 10:00:59.
  expect(await limitDisk(context, most)).toBe(161);

  expect(await found()).toEqual([
    ...Array.from({ length: 40 }, (_, index) => `2026-03-06 ${index + 60}`),
    "2026-03-07 0",
    "2026-03-07 0",
    ...Array.from({ length: 99 }, (_, index) => `2026-03-07 ${index + 1}`),
  ]);
  await expectAgreement();
  const state = await readStorageState(context);
  expect(state?.removed).toEqual({ before: "2026-03-06T10:01:00.000Z", at: "2026-03-10T12:00:00.000Z", entries: 161 });
  expect(state && needsRoom(state, context.clock.now())).toBe(true);
  // What is hidden for the most part is written anew, at once.
  await sealSegments(context);
  expect((await segments()).map(({ rows, hiddenRows }) => [rows, hiddenRows])).toEqual([
    [40, 0],
    [100, 0],
  ]);
  expect((await segments())[0]?.bytes).toBeLessThan(second?.bytes ?? 0);
  await expectAgreement();
});

test("given a disk on which nothing more can be sealed, then the oldest segments go all the same, and what is wrong is told", async () => {
  for (const day of ["2026-03-05", "2026-03-06"]) await send(day, 100);
  await sealSegments(context);
  await send("2026-03-09", 10);
  const [first] = await segments();
  const most = await limitThatFrees((first?.bytes ?? 0) / 2);
  const { store } = context.segments;
  const full: typeof store = Object.assign(Object.create(store), {
    put: () => Promise.reject(new Error("ENOSPC: no space left on device")),
  });
  const segmentsOnFull = { ...context.segments, store: full };
  await expect(sealSegments({ ...context, segments: segmentsOnFull }, most)).rejects.toThrow("ENOSPC");
  expect((await readStorageState(context))?.removed).toMatchObject({ before: "2026-03-05T10:01:00.000Z", entries: 60 });
  expect(await found()).toHaveLength(150);
  await expectAgreement();
});

test("given a disk on which nothing more can be sealed, when the oldest segment can't be read either, then both are told, and the code is that of the first", async () => {
  await send("2026-03-05", 50, 1);
  await sealSegments(context);
  await send("2026-03-09", 10);
  const [first] = await segments();
  await rm(path.join(context.folder, "segments", first?.path ?? ""));
  const { store } = context.segments;
  const full: typeof store = Object.assign(Object.create(store), {
    put: () => Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" })),
  });
  const error: unknown = await sealSegments({ ...context, segments: { ...context.segments, store: full } }, 1).catch(
    (thrown: unknown) => thrown,
  );
  expect(reasonOf(error)).toMatch(
    new RegExp(`no space left on device.*; entries of ${first?.path} could not be removed$`, "s"),
  );
  expect(codeOf(error)).toBe("ENOSPC");
});

test("given hours and days that still count what had to go, when entries are counted, then it is not among them", async () => {
  for (const day of ["2026-03-05", "2026-03-06"]) await send(day, 100);
  await sealSegments(context);
  await aggregateLogsDaily(context);
  const [first] = await segments();
  await limitDisk(context, await limitThatFrees((first?.bytes ?? 0) / 2));
  const left = (await found()).length;
  expect(left).toBeLessThan(200);
  const settings = { retentionPlan: async () => new RetentionPlan(30, 30, []) };
  const stats = await getStats(context, {
    query: parseQuery(""),
    ...span,
    pipeline: parsePipes("| stats count() as n by (service)", 0),
    allKeptFrom: await allKeptFrom({ ...context, settings }),
  });
  expect(stats.rows).toEqual([["shop", left]]);
  const page = { limit: 9, daysOffset: 0, servicesOffset: 0 };
  const storage = await getStorage({ ...context, settings: { ...settings, maxDiskBytes: async () => null } }, page);
  expect(storage).toMatchObject({ entries: left, services: { rows: [{ service: "shop", entries: left, share: 1 }] } });
});

test("given a segment within one minute, when it has to go, then all of it does", async () => {
  await send("2026-03-05", 50, 1);
  await send("2026-03-06", 50, 1);
  await sealSegments(context);
  const [first] = await segments();
  expect(await limitDisk(context, await limitThatFrees((first?.bytes ?? 0) / 2))).toBe(50);
  expect(await segments()).toHaveLength(1);
  await expectAgreement();
});

test("given that the oldest segment can't be read, then the run says so, and the next ones remove what comes after it", async () => {
  for (const day of ["2026-03-05", "2026-03-06", "2026-03-07"]) await send(day, 50, 1);
  await sealSegments(context);
  const [first] = await segments();
  const most = await limitThatFrees((first?.bytes ?? 0) / 2);
  await rm(path.join(context.folder, "segments", first?.path ?? ""));
  await expect(limitDisk(context, most)).rejects.toThrow(`entries of ${first?.path} could not be removed`);
  await expect(limitDisk(context, most)).rejects.toThrow(`entries of ${first?.path} could not be removed`);
  expect((await segments()).map(({ firstMicros }) => new Date(firstMicros / 1_000).toISOString().slice(0, 10))).toEqual(
    ["2026-03-05", "2026-03-07"],
  );
  expect((await readStorageState(context))?.removed).toMatchObject({ before: "2026-03-06T10:01:00.000Z", entries: 50 });
});

test("given that even everything is too much, then what is younger than an hour stays", async () => {
  await send("2026-03-05", 10);
  await send("2026-03-10", 10);
  await sealSegments(context);
  context.clock.set("2026-03-11T00:20:00Z");
  await sealSegments(context);
  context.clock.set("2026-03-10T10:30:00Z");
  expect(await limitDisk(context, 1)).toBe(10);
  expect((await found()).every((message) => message.startsWith("2026-03-10"))).toBe(true);
  await expectAgreement();
});

test.each([
  [899, null, false],
  [900, null, true],
  [1_100, null, true],
  [500, "2026-03-09T00:00:00.000Z", true],
  [500, "2026-03-06T00:00:00.000Z", false],
])("given %i of 1,000 bytes and entries that went at %s, then that it is told is %s", (bytes, at, isTold) => {
  const removed = at === null ? null : { before: at, at, entries: 1 };
  const state = { at: NOW, database_bytes: 100, segment_bytes: bytes - 100, max_bytes: 1_000, oldest: null, removed };
  expect(needsRoom(state, new Date(NOW))).toBe(isTold);
  expect(needsRoom({ ...state, max_bytes: null }, new Date(NOW))).toBe(false);
});
