import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findLogs } from "./find-logs";
import { generationsOf, nameBeforeRotation } from "./generations";
import { serviceOf } from "./logs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-find-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (...names: string[]) => {
  for (const name of names) writeFileSync(path.join(folder, name), `of ${name}\n`);
};

test.each([
  ["app.log.1", "app.log"],
  ["app.log.12.gz", "app.log"],
  ["app.log-20261126", "app.log"],
  ["app.log-20261126.gz", "app.log"],
  ["app.log.2026-11-26_15-00-00", "app.log"],
  ["access_log.1795705200", "access_log"],
  ["app.log", "app.log"],
  ["worker-1", "worker-1"],
  ["worker-1.log", "worker-1.log"],
  ["app-2026-11-26.log", "app-2026-11-26.log"],
  ["server.8080", "server.8080"],
])("given the name %s, then before rotation it was %s", (name, before) => {
  expect(nameBeforeRotation(name)).toBe(before);
});

test("given a folder, then it has the logs within and in folders below, without what was rotated, is hidden or is no text", async () => {
  mkdirSync(path.join(folder, "nginx"));
  write("app.log", "app.log.1", "app.log.2.gz", "worker-1", "worker-2", "alone.log.1", ".hidden", "nginx/access.log");
  writeFileSync(path.join(folder, "journal"), Buffer.from("LPKS\0\0"));
  const found = await findLogs([folder]);
  expect(found.map(({ file }) => path.relative(folder, file)).sort()).toEqual(
    ["alone.log.1", "app.log", "nginx/access.log", "worker-1", "worker-2"].map((name) => path.normalize(name)).sort(),
  );
  expect(found.every(({ isInFolder }) => isInFolder)).toBe(true);
});

test("given a file that is named, then it is taken whatever it is, and one that isn't there is told", async () => {
  write("app.log.1");
  const file = path.join(folder, "app.log.1");
  expect(await findLogs([file, file])).toEqual([{ file, isInFolder: false }]);
  await expect(findLogs([path.join(folder, "none")])).rejects.toThrow("no such file");
});

test("given what was found before and is away, then it is left out, and the others are there", async () => {
  write("app.log");
  const [there, gone] = ["app.log", "gone.log"].map((name) => path.join(folder, name));
  expect(await findLogs([gone ?? "", there ?? ""], true)).toEqual([{ file: there, isInFolder: false }]);
});

test("given a file that is just being packed, then it is there once, until the packing is done", async () => {
  write("app.log", "app.log.1", "app.log.1.gz", "app.log.gz");
  const names = async () =>
    (await generationsOf(path.join(folder, "app.log"))).map(({ file }) => path.basename(file)).sort();
  expect(await names()).toEqual(["app.log", "app.log.1", "app.log.gz"]);
  rmSync(path.join(folder, "app.log.1"));
  expect(await names()).toEqual(["app.log", "app.log.1.gz", "app.log.gz"]);
});

test("given a log, then its generations are its own, and not those of a log whose name begins like it", async () => {
  write("app.log", "app.log.1", "app.log.extra", "app.logs");
  const generations = await generationsOf(path.join(folder, "app.log"));
  expect(generations.map(({ file }) => path.basename(file))).toEqual(["app.log.1", "app.log"]);
});

test.each([
  ["/var/log/shop/app.log", "app"],
  ["/var/log/app.log.2.gz", "app"],
  ["/var/log/syslog", "syslog"],
  ["/var/log/nginx/access.json", "access"],
  ["/tmp/.log", ".log"],
])("given the file %s, then its service is %s", (file, service) => {
  expect(serviceOf(file)).toBe(service);
});
