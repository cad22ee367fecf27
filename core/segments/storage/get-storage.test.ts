import { rm } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { Settings } from "@/core/settings/settings";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkStore } from "../check-store";
import { sealSegments } from "../seal-segments";
import { getStorage } from "./get-storage";
import { roomOf } from "./room";

const context = testDatabase("2026-03-10T12:00:00Z");
const storage = (page = {}) => {
  const settings = new Settings(
    { ...context, logger: { warn: () => undefined } },
    { retentionDays: 30, maxDiskBytes: 1e9 },
  );
  return getStorage({ ...context, settings }, { limit: 2, daysOffset: 0, servicesOffset: 0, ...page });
};

const entriesOf = (day: string, count: number, service: string) =>
  Array.from({ length: count }, (_, index) => ({
    service,
    message: "äöü",
    timestamp: Date.parse(`${day}T10:00:00Z`) + index,
  }));

test("given nothing, then nothing is stored, and nobody knows how long there is room", async () => {
  await checkStore(context, true);
  expect(await storage()).toMatchObject({
    store: { name: path.join(context.folder, "segments"), reachable: true },
    entries: 0,
    oldest_day: null,
    hot: { entries: 0 },
    sealed: { entries: 0, segments: 0, bytes: 0 },
    room: { bytes_per_day: null, retention_days: 30, max_bytes: 1e9, fits_days: null, full_at: null },
    sealing: { running_since: null, succeeded_at: null, failed_at: null, error: null },
    problems: { missing: 0, damaged: 0, segments: [] },
    days: { total: 0, rows: [] },
    services: { total: 0, rows: [] },
  });
});

test("given days of which some are sealed, then each says what it has, by pages, and what can't be read is named", async () => {
  await sendEntries(ingestOf(context), [...entriesOf("2026-03-06", 10, "shop"), ...entriesOf("2026-03-07", 20, "pay")]);
  await sealSegments(context);
  await sendEntries(ingestOf(context), [...entriesOf("2026-03-10", 5, "shop"), ...entriesOf("2026-03-07", 1, "shop")]);
  await context.db.execute(sql`
    insert into logs.job_executions (job_type, scheduled_for, started_at, completed_at, status, error_message, created_at) values
      ('seal-segments', '2026-03-10T11:58Z', '2026-03-10T11:58Z', '2026-03-10T11:58:01Z', 'success', null, now()),
      ('seal-segments', '2026-03-10T11:59Z', '2026-03-10T11:59Z', '2026-03-10T11:59:01Z', 'failed', 'no room', now())`);

  const found = await storage();
  const { rows } = await context.db.execute<{ bytes: number; path: string }>(sql`
    select bytes::int, path from logs.segments order by first_timestamp`);
  const [sixth, seventh] = rows.map(({ bytes }) => bytes);
  expect(found).toMatchObject({
    entries: 36,
    oldest_day: "2026-03-06",
    hot: { entries: 6 },
    // 27 of a time, "info", three characters of two bytes each, and the names of the services.
    sealed: { entries: 30, segments: 2, text_bytes: 30 * (27 + 4 + 6) + 10 * 4 + 20 * 3 },
    sealing: { succeeded_at: "2026-03-10T11:58:01.000Z", failed_at: "2026-03-10T11:59:01.000Z", error: "no room" },
    days: {
      total: 3,
      rows: [
        { day: "2026-03-10", entries: 5, sealed_entries: 0, segments: 0, bytes: 0, unreadable: 0 },
        { day: "2026-03-07", entries: 21, sealed_entries: 20, segments: 1, bytes: seventh, unreadable: 0 },
      ],
    },
    services: {
      total: 2,
      rows: [
        { service: "pay", entries: 20, share: 20 / 36 },
        { service: "shop", entries: 16 },
      ],
    },
  });
  expect(found.room.bytes_per_day).toBe(((sixth ?? 0) + (seventh ?? 0)) / 2);
  expect((await storage({ daysOffset: 2 })).days.rows.map(({ day }) => day)).toEqual(["2026-03-06"]);
  // A page beyond the last one still says how many there are.
  expect((await storage({ servicesOffset: 2 })).services).toEqual({ total: 2, rows: [] });

  await rm(path.join(context.folder, "segments", rows[0]?.path ?? ""));
  const span = { from: new Date("2026-03-01"), to: new Date("2026-03-11") };
  await searchLogs(context, { query: parseQuery("äöü"), ...span, limit: 100 });
  expect((await storage()).problems).toEqual({
    missing: 1,
    damaged: 0,
    segments: [
      {
        path: rows[0]?.path,
        from: "2026-03-06T10:00:00.000000Z",
        to: "2026-03-06T10:00:00.009000Z",
        entries: 10,
        problem: "missing",
        found_at: "2026-03-10T12:00:00.000Z",
      },
    ],
  });
});

const day = (name: string, bytes: number) => ({
  day: name,
  entries: 1,
  sealed_entries: 1,
  segments: 1,
  bytes,
  unreadable: 0,
});
const now = new Date("2026-03-10T00:00:00Z");
const days = [day("2026-03-10", 1), day("2026-03-09", 300), day("2026-03-08", 100)];
const asked = { days, sealedBytes: 400, storedBytes: 1_000, retentionDays: 10, maxBytes: null, freeBytes: null };

test.each([
  // 200 a day; 10 days are 2,000, of which 400 are there: 1,600 more.
  ["nothing that bounds it", {}, { fits_days: null, full_at: null }],
  ["a disk with room for what comes", { freeBytes: 1_600 }, { fits_days: 10, full_at: null }],
  ["a disk without", { freeBytes: 1_400 }, { fits_days: 9, full_at: "2026-03-17T00:00:00.000Z" }],
  [
    "a limit that is nearer than the disk",
    { freeBytes: 1_600, maxBytes: 1_200 },
    { fits_days: 3, full_at: "2026-03-11T00:00:00.000Z" },
  ],
  ["a limit that is reached", { maxBytes: 900 }, { fits_days: 2, full_at: "2026-03-10T00:00:00.000Z" }],
])("given %s, then it is told how long there is room", (_what, bounds, expected) => {
  expect(roomOf({ ...asked, ...bounds }, now)).toMatchObject({ bytes_per_day: 200, ...expected });
});
