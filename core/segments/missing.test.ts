import { mkdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { addMs, MINUTE_MS } from "@/core/clock";
import { resumeTail } from "@/core/realtime/resume-tail";
import { exportLogs } from "@/core/search/export/export-logs";
import { getContext } from "@/core/search/get-context";
import { getEntry } from "@/core/search/get-entry";
import { getFacets } from "@/core/search/get-facets";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkStore } from "./check-store";
import { sealSegments } from "./seal-segments";
import { createSegments } from "./segments";
import { verifySegments } from "./verify-segments";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const span = { from: new Date("2026-02-20T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };
const DAYS = ["2026-03-05", "2026-03-06", "2026-03-07"] as const;
const sought = { query: parseQuery("/line/"), ...span };
const fileOf = (segment: string) => path.join(context.folder, "segments", segment);

/** A segment a day, of two entries each, and one entry that is not sealed. @returns their paths by day */
async function seal(): Promise<Record<string, string>> {
  context.clock.set(NOW);
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  const lines = DAYS.flatMap((day) =>
    [1, 2].map((second) => ({ service: "shop", message: `line of ${day}`, timestamp: `${day}T10:00:0${second}Z` })),
  );
  await sendEntries(ingestOf(context), lines);
  await sealSegments(context);
  await sendEntries(ingestOf(context), [{ service: "shop", message: "line of today", timestamp: NOW }]);
  const { rows } = await context.db.execute<{ day: string; path: string }>(sql`
    select to_char(first_timestamp at time zone 'UTC', 'YYYY-MM-DD') as day, path from logs.segments`);
  return Object.fromEntries(rows.map(({ day, path: name }) => [day, name]));
}

const problems = async () => {
  const { rows } = await context.db.execute<{ path: string; problem: string | null }>(sql`
    select path, problem from logs.segment_checks join logs.segments on id = segment`);
  return rows;
};

const linesOf = async () => {
  const { entries, ...answer } = await searchLogs(context, { ...sought, limit: 100 });
  return { lines: [...new Set(entries.map(({ message }) => message.slice(8)))], ...answer };
};

let paths: Record<string, string> = {};
beforeEach(async () => {
  paths = await seal();
});

const HARM = [
  ["is not there", "missing", (file: string) => rm(file)],
  ["is cut off", "damaged", (file: string) => truncate(file, 300)],
  // As long as it was, so that only reading it tells.
  ["holds something else", "damaged", async (file: string) => writeFile(file, (await readFile(file)).fill(7))],
] as const;

describe("a file of the store that can't be read", () => {
  test.each(HARM)(
    "given that it %s, then every answer has all of the others, and names it as %s",
    async (_what, reason, harm) => {
      const lost = paths["2026-03-06"] ?? "";
      const hot = (await searchLogs(context, { ...sought, limit: 1 })).entries[0]?.id ?? "";
      const inLost =
        (await searchLogs(context, { query: parseQuery("2026-03-06"), ...span, limit: 1 })).entries[0]?.id ?? "";
      await harm(fileOf(lost));
      const told = {
        complete: false,
        missing_segments: [
          { path: lost, from: "2026-03-06T10:00:01.000000Z", to: "2026-03-06T10:00:02.000000Z", entries: 2, reason },
        ],
        missing_count: 1,
      };
      const others = ["today", "2026-03-07", "2026-03-05"];

      expect(await linesOf()).toMatchObject({ lines: others, timed_out: false, next_cursor: null, ...told });
      expect(await getHistogram(context, { ...sought, allKeptFrom: new Date(0) })).toMatchObject({
        total_count: 5,
        ...told,
      });
      expect(await getFacets(context, sought)).toMatchObject({ sampled: 5, is_all: false, ...told });
      const around = await getContext(context, hot, 10);
      expect(around.before.map(({ message }) => message)).toEqual([
        "line of 2026-03-07",
        "line of 2026-03-07",
        "line of 2026-03-05",
        "line of 2026-03-05",
      ]);
      expect(around).toMatchObject(told);
      await expect(getEntry(context, inLost)).rejects.toMatchObject({
        kind: "unavailable",
        message: expect.stringContaining(lost),
      });

      const exported: string[] = [];
      for await (const piece of exportLogs(context, sought, "ndjson"))
        exported.push(...piece.split("\n").filter(Boolean));
      expect(exported).toHaveLength(6);
      expect(JSON.parse(exported.at(-1) ?? "")).toEqual(told);
      let csv = "";
      for await (const piece of exportLogs(context, sought, "csv")) csv += piece;
      expect(csv.trimEnd().split("\r\n").at(-1)).toMatch(/^incomplete,,,1 segment could not be read,/);

      // Of a time without it an answer is whole.
      expect(await searchLogs(context, { ...sought, from: new Date("2026-03-07"), limit: 9 })).toMatchObject({
        complete: true,
        missing_segments: [],
      });
      expect(await problems()).toEqual([{ path: lost, problem: reason }]);
    },
  );

  test("given one that comes back, then it is read, and known to be there", async () => {
    const lost = fileOf(paths["2026-03-06"] ?? "");
    await rename(lost, `${lost}.away`);
    expect(await linesOf()).toMatchObject({ complete: false });
    await rename(`${lost}.away`, lost);
    expect(await linesOf()).toMatchObject({
      complete: true,
      lines: ["today", "2026-03-07", "2026-03-06", "2026-03-05"],
    });
    expect((await problems()).map(({ problem }) => problem)).toEqual([null]);
  });

  test.each([
    ["is damaged", "damaged", async (file: string) => writeFile(file, (await readFile(file)).fill(7))],
    // Too many levels of symbolic links.
    ["can't be asked for just now", null, (file: string) => rm(file).then(() => symlink(file, file))],
    ["fails while it is read", "damaged", (file: string) => rm(file).then(() => mkdir(file))],
  ] as const)(
    "given small segments to be joined of which one %s, then the others are joined without it",
    async (_what, problem, harm) => {
      for (let index = 0; index < 6; index++) {
        await sendEntries(ingestOf(context), [
          { service: "drip", message: `line ${index}`, timestamp: `2026-03-08T10:00:0${index}Z` },
        ]);
        if (index === 1) {
          const { rows } = await context.db.execute<{ path: string }>(sql`
            select path from logs.segments where first_timestamp = '2026-03-08T10:00:00Z'`);
          const file = fileOf(rows[0]?.path ?? "");
          await harm(file);
          // So that only reading it tells.
          if (problem !== null)
            await context.db.execute(sql`
            update logs.segments set bytes = ${(await stat(file)).size} where path = ${rows[0]?.path}`);
        }
        context.clock.set(addMs(context.clock.now(), 400 * MINUTE_MS).toISOString());
        await sealSegments(context);
      }
      const { rows } = await context.db.execute<{ rows: number }>(sql`
        select rows from logs.segments where first_timestamp >= '2026-03-08' and first_timestamp < '2026-03-09' order by rows`);
      expect(rows.map(({ rows: count }) => count)).toEqual([1, 5]);
      expect((await problems()).map((known) => known.problem)).toEqual(problem === null ? [] : [problem]);
    },
  );

  test("given a tail that resumes over it, then it is told that something can't be read", async () => {
    const { rows } = await context.db.execute<{ seen: string }>(sql`select pg_current_snapshot()::text as seen`);
    const from = { seen: rows[0]?.seen ?? "", partial: null, atMs: context.clock.now().getTime() };
    await sendEntries(ingestOf(context), [
      { service: "late", message: "line that is late", timestamp: "2026-03-04T10:00:00Z" },
    ]);
    await sealSegments(context);
    const { rows: sealed } = await context.db.execute<{ path: string }>(sql`
      select path from logs.segments where first_timestamp < '2026-03-05'`);
    await rm(fileOf(sealed[0]?.path ?? ""));
    const { rows: then } = await context.db.execute<{ seen: string }>(sql`select pg_current_snapshot()::text as seen`);
    const end = { ...from, seen: then[0]?.seen ?? "" };
    const { text } = await resumeTail(context, { query: parseQuery("") }, from, end, 100);
    expect(text).toContain('event: gap\ndata: {"count":null,"reason":"unreadable"}');
  });
});

test("given a folder that is away, then what is not sealed is there, answers say why the rest is not, and it is back when it is", async () => {
  await checkStore(context, false);
  const folder = fileOf("");
  await rename(folder, `${context.folder}/elsewhere`);
  expect(await linesOf()).toMatchObject({ lines: ["today"], complete: false, missing_count: 3, timed_out: false });
  const { missing_segments } = await linesOf();
  expect(new Set(missing_segments.map(({ reason }) => reason))).toEqual(new Set(["away"]));
  expect(context.segments.store.state).toMatchObject({
    reachable: false,
    reason: expect.stringContaining("is no store"),
  });
  await expect(sealSegments(context)).rejects.toThrow("in another place than");
  expect(await problems()).toEqual([]);

  await rm(folder, { recursive: true, force: true });
  await rename(`${context.folder}/elsewhere`, folder);
  context.clock.set("2026-03-10T12:01:00Z");
  expect(await context.segments.store.check()).toEqual({ reachable: true });
  expect(await linesOf()).toMatchObject({ complete: true });
});

test("given an instance that starts while the store is away, when something else comes into its place, then nothing counts as missing", async () => {
  const folder = fileOf("");
  await rename(folder, `${context.folder}/elsewhere`);
  const place = folder.replace(/\/$/, "");
  // Too many levels of symbolic links: whoever asks can't find out.
  await symlink(place, place);
  const segments = createSegments({
    folder: place,
    scratch: `${context.folder}/scratch`,
    memoryBytes: 128 * 1024 * 1024,
    clock: context.clock,
  });
  try {
    const started = { ...context, segments };
    await expect(checkStore(started, true)).rejects.toThrow("ELOOP");
    await rm(place);
    await mkdir(place);
    const search = { ...sought, limit: 100 };
    context.clock.set("2026-03-10T12:01:00Z");
    expect(await segments.store.check()).toMatchObject({
      reachable: false,
      reason: expect.stringContaining("is no store"),
    });
    const { complete, missing_segments } = await searchLogs(started, search);
    expect([complete, missing_segments.map(({ reason }) => reason)]).toEqual([false, ["away", "away", "away"]]);
    expect(await problems()).toEqual([]);

    await rm(place, { recursive: true });
    await rename(`${context.folder}/elsewhere`, place);
    context.clock.set("2026-03-10T12:02:00Z");
    expect(await segments.store.check()).toEqual({ reachable: true });
    expect(await searchLogs(started, search)).toMatchObject({ complete: true });
  } finally {
    segments.duck.close();
  }
});

test("given a file that can't be read for another reason than that it is not there, then it is away, and nothing is noted of it", async () => {
  await checkStore(context, false);
  const name = paths["2026-03-06"] ?? "";
  const file = fileOf(name);
  await rename(file, `${file}.kept`);
  // Too many levels of symbolic links: whoever asks can't find out.
  await symlink(file, file);
  expect(await linesOf()).toMatchObject({
    lines: ["today", "2026-03-07", "2026-03-05"],
    complete: false,
    missing_segments: [{ path: name, reason: "away" }],
  });
  expect(context.segments.store.state).toEqual({ reachable: true });
  const said: string[] = [];
  for await (const one of verifySegments(context)) if (one.said !== null) said.push(one.said);
  expect(said).toEqual([expect.stringMatching(/^away: ELOOP/)]);
  expect((await problems()).filter(({ problem }) => problem !== null)).toEqual([]);

  await rm(file);
  await rename(`${file}.kept`, file);
  expect(await linesOf()).toMatchObject({ complete: true });
});
