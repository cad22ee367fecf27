import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockFolder } from "./folder-lock";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("given a folder that is locked before it is made, when it is named by a link, then it is locked all the same", async () => {
  const real = path.join(folder, "real");
  mkdirSync(real);
  symlinkSync(real, path.join(folder, "link"));

  const lock = await lockFolder(path.join(real, "data"));
  expect(lock).not.toBeNull();
  expect(await lockFolder(path.join(folder, "link/data"))).toBeNull();
  mkdirSync(path.join(real, "data"));
  expect(await lockFolder(path.join(folder, "link/../link/data"))).toBeNull();

  await lock?.release();
  const again = await lockFolder(path.join(folder, "link/data"));
  expect(again).not.toBeNull();
  await again?.release();
});
