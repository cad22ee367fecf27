import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileCache } from "./file-cache";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const BYTES = 10;
let loads: string[] = [];
beforeEach(() => {
  loads = [];
});
const loadOf = (name: string) => async (file: string) => {
  loads.push(name);
  await writeFile(file, "x".repeat(BYTES));
};
const hold = (cache: FileCache, name: string, signal?: AbortSignal) => cache.hold(name, BYTES, loadOf(name), signal);
const use = async (cache: FileCache, ...names: string[]) => {
  for (const name of names) (await hold(cache, name)).release();
};
const there = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

test("given more files than there is room for, then those go that were not used for longest, and are loaded again", async () => {
  const cache = new FileCache(folder, 3 * BYTES);
  await use(cache, "a", "b", "c");
  await use(cache, "a", "d");
  expect(there()).toEqual(["a", "c", "d"]);
  await use(cache, "a", "b");
  expect(there()).toEqual(["a", "b", "d"]);
  expect(loads).toEqual(["a", "b", "c", "d", "b"]);
});

test("given files that are held, then they stay, whatever the bound, and go when they are released", async () => {
  const cache = new FileCache(folder, BYTES);
  const held = await Promise.all(["a", "sub/b", "c"].map((name) => hold(cache, name)));
  expect(held.every(({ file }) => existsSync(file))).toBe(true);
  const [first] = held;
  const again = await hold(cache, "a");
  for (const { release } of held) release();
  // Twice counts once.
  first?.release();
  expect(there()).toEqual(["a"]);
  again.release();
  expect(there()).toEqual(["a"]);
  expect(loads.toSorted()).toEqual(["a", "c", "sub/b"]);
});

test("given several who want a file at once, then it is loaded once; when that fails all are told, and the next one loads it", async () => {
  const cache = new FileCache(folder, 3 * BYTES);
  await Promise.all([hold(cache, "a"), hold(cache, "a"), hold(cache, "a")]);
  expect(loads).toEqual(["a"]);
  const fail = async (file: string) => {
    await writeFile(file, "half");
    throw new Error("broke off");
  };
  const failed = await Promise.allSettled([
    cache.hold("b", BYTES, fail, undefined),
    cache.hold("b", BYTES, fail, undefined),
  ]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(there()).toEqual(["a"]);
  await use(cache, "b");
  expect(there()).toEqual(["a", "b"]);
});

test("given one who gives up while a file is loaded, then it is there for the next one", async () => {
  const cache = new FileCache(folder, 3 * BYTES);
  let finish = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const giveUp = new AbortController();
  const slow = cache.hold("a", BYTES, (file) => waiting.then(() => loadOf("a")(file)), giveUp.signal);
  giveUp.abort(new Error("enough"));
  await expect(slow).rejects.toThrow("enough");
  finish();
  await use(cache, "a");
  expect(loads).toEqual(["a"]);
});

test("given what an earlier process has left, then it is known, counts, and what it has not finished is not taken for a file", async () => {
  await use(new FileCache(folder, 3 * BYTES), "a", "b");
  await writeFile(path.join(folder, "c.1.part"), "half");
  const cache = new FileCache(folder, 2 * BYTES);
  expect(await cache.holdIfThere("c")).toBeNull();
  (await cache.holdIfThere("a"))?.release();
  await use(cache, "d");
  expect(there()).toEqual(["a", "c.1.part", "d"]);
  expect(cache.forget("a")).toBe(true);
  expect(cache.forget("a")).toBe(false);
  expect(loads).toEqual(["a", "b", "d"]);
});

test("given a folder that can't be made at first, then files are held as soon as it can", async () => {
  const place = path.join(folder, "cache");
  await writeFile(place, "in its place");
  const cache = new FileCache(place, 3 * BYTES);
  await expect(hold(cache, "a")).rejects.toThrow("EEXIST");
  await expect(cache.holdIfThere("a")).rejects.toThrow("EEXIST");
  rmSync(place);
  await use(cache, "a");
  expect(there()).toEqual(["a"]);
});

test("given what goes while stock is taken, then the rest is known", async () => {
  await use(new FileCache(folder, 3 * BYTES), "a");
  // It is listed, and what it names is not there.
  await symlink(path.join(folder, "nowhere"), path.join(folder, "gone"));
  const cache = new FileCache(folder, 3 * BYTES);
  expect(await cache.holdIfThere("a")).not.toBeNull();
});
