import { chmodSync, existsSync, lstatSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareCluster, removeDataFolder, UnusableFolder } from "./data-folder";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-data-"));
});
afterEach(() => {
  for (const name of ["data", "moved"]) removeDataFolder(path.join(folder, name));
  rmSync(folder, { recursive: true, force: true });
});
const inFolder = (name: string) => path.join(folder, name);

test("given a link to a database that is gone, then it is said, and no empty one takes its place", async () => {
  const { folder: cluster } = await prepareCluster(inFolder("data"));
  const link = path.join(inFolder("data"), "postgres");
  const real = realpathSync(cluster);
  renameSync(real, inFolder("away"));
  rmSync(link, { force: true });
  symlinkSync(real, link);

  await expect(prepareCluster(inFolder("data"))).rejects.toThrow(UnusableFolder);
  await expect(prepareCluster(inFolder("data"))).rejects.toThrow(`is in ${real}, which is not there: put it back`);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(existsSync(real)).toBe(false);
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write("not root: the tests of root's PostgreSQL did not run\n");

// The folder that mkdtemp makes is closed to the postgres user.
describe.runIf(isRoot)("root's PostgreSQL, when it can't enter the data folder", () => {
  test("given a data folder that was moved, then its database goes with it, and a new one at its place gets another", async () => {
    const first = await prepareCluster(inFolder("data"));
    expect(realpathSync(first.folder)).toMatch(/^\/var\/lib\/cordwood\/[0-9a-f]{16}$/);
    renameSync(inFolder("data"), inFolder("moved"));
    const second = await prepareCluster(inFolder("data"));
    expect(second.folder).not.toBe(first.folder);
    expect(await prepareCluster(inFolder("moved"))).toMatchObject({ folder: first.folder, password: first.password });
    expect(existsSync(path.join(first.folder, "PG_VERSION"))).toBe(true);
  });

  test("given a database in the data folder itself, then it is refused instead of beginning with an empty one", async () => {
    chmodSync(folder, 0o711);
    const before = await prepareCluster(inFolder("data"));
    expect(lstatSync(before.folder).isSymbolicLink()).toBe(false);
    chmodSync(folder, 0o700);
    await expect(prepareCluster(inFolder("data"))).rejects.toThrow(UnusableFolder);
    await expect(prepareCluster(inFolder("data"))).rejects.toThrow("which the user postgres can't enter");
    chmodSync(folder, 0o711);
    expect(await prepareCluster(inFolder("data"))).toEqual(before);
  });
});
