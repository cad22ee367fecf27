import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readlink, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { listSegments } from "./catalogue";
import { checkStore } from "./check-store";
import { countProblems } from "./count-problems";
import { holdFiles } from "./read/hold-files";
import { Missing } from "./read/missing";
import { removeOrphans } from "./remove-orphans";
import { sealSegments } from "./seal-segments";
import { createSegments, type Segments } from "./segments";
import { BUCKET, BucketServer } from "./testing/bucket-server";
import { verifyDueSegments } from "./verify-due-segments";
import { verifySegments } from "./verify-segments";

const NOW = "2026-03-10T12:00:00Z";
const LATER = "2026-03-10T12:10:00Z";
const context = testDatabase(NOW);
const span = { from: new Date("2026-02-20T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };
const DAYS = ["2026-03-05", "2026-03-06", "2026-03-07"] as const;
const ALL = ["today", "2026-03-07", "2026-03-06", "2026-03-05"];

let server: BucketServer;
const cacheOf = (name: string) => path.join(context.folder, name);
const opened: Segments[] = [];

/** As an instance has it that keeps up to so many bytes of what it read. */
function inBucket(cache = "cache", bytes = 64 * 1024 * 1024) {
  const segments = createSegments({
    bucket: { bucket: BUCKET, prefix: "a/prefix", pathStyle: true },
    cache: { folder: cacheOf(cache), bytes },
    scratch: cacheOf("scratch"),
    memoryBytes: 128 * 1024 * 1024,
    clock: context.clock,
  });
  opened.push(segments);
  return { ...context, segments };
}

beforeAll(async () => {
  server = await BucketServer.start();
  Object.assign(process.env, server.environment);
});
afterAll(async () => {
  for (const { duck } of opened) duck.close();
  await server.stop();
});

const send = () =>
  sendEntries(ingestOf(context), [
    ...DAYS.map((day) => ({ service: "shop", message: `line of ${day}`, timestamp: `${day}T10:00:00Z` })),
    { service: "shop", message: "line of today", timestamp: NOW },
  ]);
const find = async (one: ReturnType<typeof inBucket>) => {
  const { entries, ...answer } = await searchLogs(one, { query: parseQuery("/line/"), ...span, limit: 100 });
  return { lines: entries.map(({ message }) => message.slice(8)), ...answer };
};
const paths = async () => {
  const { rows } = await context.db.execute<{ path: string }>(sql`select path from logs.segments order by path`);
  return rows.map(({ path: name }) => name);
};
const inStore = async ({ segments }: ReturnType<typeof inBucket>) => {
  const found: string[] = [];
  for await (const file of segments.store.list()) found.push(file.path);
  return found.sort();
};
/** That this process has open. */
async function openFiles(): Promise<string[]> {
  const folder = "/proc/self/fd";
  return Promise.all((await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => "closed")));
}
const downloads = () => server.requests.filter((request) => /^GET .*parquet$/.test(request)).length;

beforeEach(async () => {
  context.clock.set(NOW);
  server.fault = () => null;
  server.empty();
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  await context.db.execute(sql`delete from logs.settings where name = 'segment_store'`);
  await rm(cacheOf("cache"), { recursive: true, force: true });
  await send();
  server.requests = [];
});

describe("segments in a bucket", () => {
  test("given entries that are sealed, then they are in the bucket, are found, and are loaded once", async () => {
    const instance = inBucket();
    await checkStore(instance, true);
    expect(await sealSegments(instance)).toMatchObject({ sealed_segments: 3 });
    expect(await inStore(instance)).toEqual(await paths());
    // Each was read back when it was stored.
    expect(downloads()).toBe(3);
    expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
    expect(downloads()).toBe(3);

    // One that begins anew finds them in its folder, another one loads them.
    expect(await find(inBucket())).toMatchObject({ lines: ALL, complete: true });
    expect(downloads()).toBe(3);
    const other = inBucket("other");
    await checkStore(other, false);
    expect(await find(other)).toMatchObject({ lines: ALL, complete: true });
    expect(downloads()).toBe(6);
  });

  test("given a cache for less than one file, then nothing stays in it, and everything is found", async () => {
    const small = inBucket("small", 100);
    await sealSegments(small);
    expect(await find(small)).toMatchObject({ lines: ALL, complete: true });
    expect(await getHistogram(small, { query: parseQuery("/line/"), ...span, allKeptFrom: new Date(0) })).toMatchObject(
      { total_count: 4 },
    );
    const left = (await readdir(cacheOf("small"), { recursive: true })).filter((name) => name.endsWith("parquet"));
    expect(left).toEqual([]);
  });

  test("given a copy in the cache that is damaged, then it is loaded again", async () => {
    const instance = inBucket();
    await sealSegments(instance);
    const [name = ""] = await paths();
    await writeFile(path.join(cacheOf("cache"), name), "no Parquet");
    expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
    expect(downloads()).toBe(4);
  });

  test("given objects whose answers break off, when they are verified, then they are tried again, and what goes on to does not keep the others", async () => {
    const instance = inBucket();
    await sealSegments(instance);
    const [first = "", second = "", third = ""] = await paths();
    let isFirst = true;
    server.fault = (method, key) => {
      if (method !== "GET") return null;
      if (key.endsWith(first) && isFirst) {
        isFirst = false;
        return "cut";
      }
      return key.endsWith(second) ? "cut" : null;
    };
    const found = new Map<string, string | null>();
    for await (const { segment, said } of verifySegments(instance)) found.set(segment.path, said);
    expect([found.get(first), found.get(third)]).toEqual([null, null]);
    expect(found.get(second)).toMatch(/^away: /);
  });

  test("given a copy that is gone together with its object, when several look for it at once, then it is missing to each", async () => {
    const instance = inBucket();
    await sealSegments(instance);
    const [name = ""] = await paths();
    await server.object(`a/prefix/${name}`, { method: "DELETE" });
    await rm(path.join(cacheOf("cache"), name));
    for (const { missing_segments } of await Promise.all([1, 2, 3, 4].map(() => find(instance)))) {
      expect(missing_segments).toMatchObject([{ path: name, reason: "missing" }]);
    }
  });

  test.each([
    ["cut off", "damaged", "PUT"],
    ["gone", "missing", "DELETE"],
  ])("given an object that is %s, then it is %s, and all others are found", async (_what, reason, method) => {
    await sealSegments(inBucket());
    const [, name = ""] = await paths();
    await server.object(`a/prefix/${name}`, method === "PUT" ? { method, body: "a part" } : { method });
    const other = inBucket(`other ${reason}`);
    expect(await find(other)).toMatchObject({
      lines: ["today", "2026-03-07", "2026-03-05"],
      complete: false,
      missing_segments: [{ path: name, reason, entries: 1 }],
    });
    expect(other.segments.store.state).toEqual({ reachable: true });
    // The job finds it without reading any.
    await context.db.execute(sql`truncate logs.segment_checks`);
    server.requests = [];
    expect(await verifyDueSegments(other)).toEqual({ verified_segments: 3, unreadable_segments: 1 });
    expect(downloads()).toBe(0);
    expect(await countProblems(context)).toMatchObject({ [reason]: 1 });
  });

  test("given a server that is too busy for files, or a cache that can't be written, then they are away, and nothing is noted of them", async () => {
    await sealSegments(inBucket());
    const [busy, blocked] = [inBucket("busy"), inBucket("blocked")];
    server.fault = (_method, key) => (key.endsWith("parquet") ? "fail" : null);
    const [segment] = await listSegments(context.db, span.from, span.to);
    if (!segment) throw new Error("nothing was sealed");
    const missing = new Missing();
    expect(await holdFiles(busy, [{ segment, spans: [] }], missing, undefined)).toEqual([]);
    expect(missing.told().missing_segments).toMatchObject([{ path: segment.path, reason: "away" }]);
    expect(busy.segments.store.state).toEqual({ reachable: true });
    server.fault = () => null;
    await writeFile(cacheOf("blocked"), "in its place");
    const second = await find(blocked);
    expect(second).toMatchObject({ lines: ["today"], complete: false, missing_count: 3 });
    expect(second.missing_segments.map(({ reason }) => reason)).toEqual(["away", "away", "away"]);
    expect(await countProblems(context)).toEqual({ missing: 0, damaged: 0 });
    await rm(cacheOf("blocked"));
    for (const one of [busy, blocked]) expect(await find(one)).toMatchObject({ lines: ALL, complete: true });
  }, 60_000);

  test("given more objects than one page of a list has, then all are listed, and those without a name in the catalogue go", async () => {
    const instance = inBucket();
    await sealSegments(instance);
    const named = await paths();
    server.pageSize = 2;
    for (let index = 0; index < 4; index++) {
      await server.object(`a/prefix/2026/01/${index}.parquet`, { method: "PUT", body: "x" });
    }
    expect(await inStore(instance)).toHaveLength(7);
    context.clock.set(new Date(Date.now() + 2 * 3_600_000).toISOString());
    expect(await removeOrphans(instance)).toBe(0);
    context.clock.set(new Date(Date.now() + 3 * 3_600_000).toISOString());
    expect(await removeOrphans(instance)).toBe(4);
    expect(await inStore(instance)).toEqual(named);
    expect(server.requests.filter((request) => request === "GET ").length).toBeGreaterThan(8);
    server.pageSize = null;
  });
});

describe("transfers that go wrong", () => {
  test("given uploads and downloads that fail at first, then they are tried again", async () => {
    const failed = new Set<string>();
    server.fault = (method, key) => {
      if (!key.endsWith("parquet") || failed.has(`${method} ${key}`)) return null;
      failed.add(`${method} ${key}`);
      return method === "GET" ? "cut" : "fail";
    };
    const instance = inBucket();
    expect(await sealSegments(instance)).toMatchObject({ sealed_segments: 3 });
    expect([...failed].map((request) => request.split(" ")[0]).sort()).toEqual([
      "GET",
      "GET",
      "GET",
      "PUT",
      "PUT",
      "PUT",
    ]);
    expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
  }, 30_000);

  test("given a file that is not what its checksum says, then it is not stored", async () => {
    const instance = inBucket();
    await checkStore(instance, true);
    const { store } = instance.segments;
    const file = path.join(context.folder, "file");
    await writeFile(file, "what is there");
    const segment = { path: "2026/01/01/x.parquet", bytes: 13, checksum: "0".repeat(64) };
    await expect(store.put(segment, file)).rejects.toThrow("could not be stored");
    expect(await inStore(instance)).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "given a server that refuses an upload before it has read it, then the file is not left open",
    async () => {
      const { store } = inBucket().segments;
      const file = path.join(context.folder, "refused");
      const content = Buffer.alloc(32 * 1024 * 1024, "x");
      await writeFile(file, content);
      server.fault = () => "refuse";
      const segment = { path: "2026/01/01/x.parquet", bytes: content.length, checksum: "0".repeat(64) };
      await expect(store.put(segment, file)).rejects.toThrow("could not be stored");
      await expect.poll(async () => (await openFiles()).filter((name) => name === file)).toEqual([]);
    },
  );

  test("given a process that is killed in the middle of an upload, then nothing is in the bucket, each entry is there once, and the next run goes on", async () => {
    let uploading = () => {};
    const reached = new Promise<void>((resolve) => {
      uploading = resolve;
    });
    server.fault = (method, key) => {
      if (method !== "PUT" || !key.endsWith("parquet")) return null;
      uploading();
      return "hang";
    };
    const program = ["--import", "tsx", "core/segments/testing/seal-and-die.ts"];
    const child = spawn(process.execPath, [...program, context.url, context.folder, "never", NOW, "a/prefix"]);
    const ended = once(child, "exit");
    await reached;
    child.kill("SIGKILL");
    await ended;
    server.fault = () => null;

    const instance = inBucket();
    expect(await inStore(instance)).toEqual([]);
    expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
    expect(await sealSegments(instance)).toMatchObject({ sealed_entries: 3 });
    expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
  }, 30_000);
});

describe("a bucket that can't be reached", () => {
  const away = () => server.close();
  const refused = async () => {
    server.fault = () => "refuse";
  };
  const back = async () => {
    if (server.fault("", "") === null) await server.open();
    server.fault = () => null;
  };

  test.each([
    ["nobody answers", away, "ECONNREFUSED"],
    ["credentials are refused", refused, "InvalidAccessKeyId"],
  ])(
    "given that %s, then what is not sealed is found, answers say what they miss, and all is found when it is back",
    async (_what, leave, reason) => {
      await sealSegments(inBucket());
      await rm(cacheOf("cache"), { recursive: true, force: true });
      const instance = inBucket();
      await leave();
      await expect(checkStore(instance, true)).rejects.toThrow(reason);
      expect(instance.segments.store.state).toMatchObject({
        reachable: false,
        reason: expect.stringContaining(reason),
      });
      const found = await find(instance);
      expect(found).toMatchObject({ lines: ["today"], complete: false, missing_count: 3, timed_out: false });
      expect(found.missing_segments.map((segment) => segment.reason)).toEqual(["away", "away", "away"]);
      await expect(sealSegments(instance)).rejects.toThrow(reason);

      await back();
      context.clock.set(LATER);
      expect(await instance.segments.store.check()).toEqual({ reachable: true });
      expect(await find(instance)).toMatchObject({ lines: ALL, complete: true });
      await sealSegments(instance);
    },
  );

  test("given one that goes away between two searches, then what is in the cache is found, and the rest is told to be missing", async () => {
    await sealSegments(inBucket());
    const other = inBucket("partly");
    await checkStore(other, false);
    await searchLogs(other, { query: parseQuery("2026-03-06"), ...span, limit: 10 });
    await away();
    expect(await find(other)).toMatchObject({ complete: false, lines: ["today", "2026-03-06"], missing_count: 2 });
    // Nothing is sealed, and nothing is lost.
    await sendEntries(ingestOf(context), [
      { service: "shop", message: "line of old", timestamp: "2026-03-01T00:00:00Z" },
    ]);
    await expect(sealSegments(other)).rejects.toThrow("ECONNREFUSED");
    expect((await find(other)).lines).toContain("old");
    await server.open();
  });
});
