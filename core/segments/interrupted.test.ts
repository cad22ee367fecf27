import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { type Cursor, decodeCursor } from "@/core/search/cursor";
import { exportLogs } from "@/core/search/export/export-logs";
import { getContext } from "@/core/search/get-context";
import { getEntry } from "@/core/search/get-entry";
import { getFacets } from "@/core/search/get-facets";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { removeOrphans } from "./remove-orphans";
import { SEAL_STEPS, type SealStep } from "./seal-context";
import { sealSegments } from "./seal-segments";
import { sealSpan } from "./seal-span";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const span = { from: new Date("2026-02-20T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };

const send = (service: string, count: number, from: string) =>
  sendEntries(
    ingestOf(context),
    Array.from({ length: count }, (_, index) => ({
      service,
      message: `${service} ${index}`,
      timestamp: Date.parse(from) + index * 1_000,
    })),
  );

/** Page by page, as a client follows them. @param between runs after each page */
async function paged(service: string, limit: number, between: () => Promise<unknown> = async () => {}) {
  const found: string[] = [];
  let cursor: Cursor | undefined;
  for (;;) {
    const search = { query: parseQuery(""), service, ...span, limit, ...(cursor ? { cursor } : {}) };
    const { entries, next_cursor } = await searchLogs(context, search);
    found.push(...entries.map(({ message }) => message));
    if (next_cursor === null) return found;
    cursor = decodeCursor(next_cursor);
    await between();
  }
}

const newestFirst = (service: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${service} ${count - 1 - index}`);

const place = async () => {
  const { rows } = await context.db.execute<{ hot: number; sealed: number }>(sql`
    select (select count(*)::int from logs.logs) as hot, (select coalesce(sum(rows), 0)::int from logs.segments) as sealed`);
  return rows[0];
};

/** However slow the machine is: none of what is read here ends by its time. */
const withinMs = 120_000;

/** What every reader finds of a service. */
async function readAll(service: string) {
  const sought = { query: parseQuery(""), service, ...span };
  const { entries } = await searchLogs(context, { ...sought, limit: 100, withinMs });
  const middle = entries[entries.length >> 1]?.id ?? "";
  const exported: unknown[] = [];
  for await (const piece of exportLogs(context, sought, "ndjson")) {
    for (const line of piece.split("\n").filter(Boolean)) exported.push(JSON.parse(line));
  }
  return {
    entries,
    paged: await paged(service, 7),
    one: await getEntry(context, middle, { withinMs }),
    around: await getContext(context, middle, 10, { withinMs }),
    histogram: await getHistogram(context, { ...sought, query: parseQuery("/./"), allKeptFrom: new Date(0) }),
    facets: await getFacets(context, { ...sought, withinMs }),
    exported,
  };
}

/** Runs what seals and joins as a process of its own, which is killed at a step. */
async function dieAt(step: SealStep): Promise<void> {
  const program = ["--import", "tsx", "core/segments/testing/seal-and-die.ts"];
  const run = promisify(execFile)(process.execPath, [...program, context.url, context.folder, step, NOW]);
  await expect(run).rejects.toMatchObject({ signal: "SIGKILL" });
}

describe("a process that is killed while it seals", () => {
  test.each(SEAL_STEPS)(
    "given that it is killed when the entries are %s, then every reader finds each once, and the next run goes on",
    async (step) => {
      await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
      await send(step, 50, "2026-03-08T10:00:00Z");
      const before = await readAll(step);
      expect(before.paged).toEqual(newestFirst(step, 50));
      expect(before.exported).toHaveLength(50);
      await dieAt(step);

      expect(await readAll(step)).toEqual(before);
      const isThrough = step === "committed";
      expect(await place()).toEqual(isThrough ? { hot: 0, sealed: 50 } : { hot: 50, sealed: 0 });

      expect(await sealSegments(context)).toMatchObject({ sealed_entries: isThrough ? 0 : 50 });
      expect(await place()).toEqual({ hot: 0, sealed: 50 });
      expect(await readAll(step)).toEqual(before);
    },
    60_000,
  );

  // Joining has these steps alone.
  test.each(["stored", "catalogued", "committed"] as const)(
    "given that it is killed when what it joins is %s, then every reader finds each entry once, and the next run goes on",
    async (step) => {
      await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
      const day = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z"), splits: false };
      for (const hour of [10, 11, 12, 13, 14, 15]) {
        await send("joined", 5, `2026-03-08T${hour}:00:00Z`);
        await sealSpan(context, day);
      }
      const files = async () => {
        const { rows } = await context.db.execute<{ rows: number }>(sql`select rows from logs.segments`);
        return rows.map(({ rows: count }) => count);
      };
      expect(await files()).toEqual([5, 5, 5, 5, 5, 5]);
      const before = await readAll("joined");
      expect(before.exported).toHaveLength(30);
      await dieAt(step);

      expect(await readAll("joined")).toEqual(before);
      const isThrough = step === "committed";
      expect(await files()).toEqual(isThrough ? [30] : [5, 5, 5, 5, 5, 5]);

      expect(await sealSegments(context)).toMatchObject({ joined_segments: isThrough ? 0 : 6 });
      expect(await files()).toEqual([30]);
      expect(await readAll("joined")).toEqual(before);
    },
    60_000,
  );

  test("given files that no catalogue names, then they stay while they may be new and go later", async () => {
    const paths = async () => {
      const found: string[] = [];
      for await (const file of context.segments.store.list()) found.push(file.path);
      return found;
    };
    expect((await paths()).length).toBeGreaterThan(1);
    context.clock.set(new Date(Date.now() + 2 * 3_600_000).toISOString());
    // They may have been named until just now.
    expect(await removeOrphans(context)).toBe(0);
    context.clock.set(new Date(Date.now() + 3 * 3_600_000).toISOString());
    expect(await removeOrphans(context)).toBeGreaterThan(0);
    const { rows } = await context.db.execute<{ path: string }>(sql`select path from logs.segments order by path`);
    expect((await paths()).sort()).toEqual(rows.map(({ path }) => path));
    context.clock.set(NOW);
  });
});

test("given a search that is paged through and an export, when entries are sealed under them, then each comes once", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  await send("first", 300, "2026-03-06T10:00:00Z");
  await send("second", 300, "2026-03-07T10:00:00Z");
  let sealed = 0;
  const seal = async () => (sealed += (await sealSegments(context)).sealed_entries);
  const days = ["2026-03-06", "2026-03-07"];
  // Sealed between two pages.
  expect(await paged("second", 50, seal)).toEqual(newestFirst("second", 300));
  expect(sealed).toBe(600);

  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  for (const day of days) await send(`export ${day}`, 1_000, `${day}T10:00:00Z`);
  const messages: string[] = [];
  for await (const piece of exportLogs(context, { query: parseQuery("export"), ...span }, "ndjson")) {
    if (messages.length === 0 && piece !== "") await seal();
    for (const line of piece.split("\n").filter(Boolean)) messages.push(JSON.parse(line).message);
  }
  expect(messages).toEqual(days.toReversed().flatMap((day) => newestFirst(`export ${day}`, 1_000)));
  expect(sealed).toBe(2_600);
});

test("given writers, searches and sealing at the same time, then every search finds each entry that was committed before it, once", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  let sent = 0;
  let isOver = false;
  const write = async () => {
    while (sent < 2_000) {
      const messages = Array.from({ length: 50 }, (_, index) => ({
        service: "busy",
        message: `busy ${sent + index}`,
        timestamp: Date.parse("2026-03-05T10:00:00Z") + sent + index,
      }));
      await sendEntries(ingestOf(context), messages);
      sent += 50;
    }
    isOver = true;
  };
  const seal = async () => {
    while (!isOver) {
      // However few they are.
      context.clock.set(new Date(context.clock.now().getTime() + 7 * 3_600_000).toISOString());
      await sealSegments(context);
    }
  };
  const look = async () => {
    while (!isOver) {
      const atLeast = sent;
      const found = await paged("busy", 1_000);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeGreaterThanOrEqual(atLeast);
    }
  };
  await Promise.all([write(), seal(), look()]);
  expect(await paged("busy", 1_000)).toEqual(newestFirst("busy", 2_000));
  expect((await place())?.sealed).toBeGreaterThan(0);
});
