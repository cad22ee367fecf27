import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { DAY_MS } from "@/core/clock";
import { removeLeftByPrograms, withProgramScratch } from "./program-scratch";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "cordwood-scratch-"));
const room = path.join(dataDir, "scratch");
beforeEach(() => {
  rmSync(room, { recursive: true, force: true });
  mkdirSync(room);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const twoDaysAgo = new Date(Date.now() - 2 * DAY_MS);

/** With a file in it; both as old as they say. */
function folderOf(name: string, { folderAt, fileAt }: { folderAt: Date; fileAt: Date }): void {
  const folder = path.join(room, name);
  const file = path.join(folder, "logs.logs.gz");
  mkdirSync(folder);
  writeFileSync(file, "entries");
  utimesSync(file, fileAt, fileAt);
  utimesSync(folder, folderAt, folderAt);
}

test("given what killed programs have left, when a program or the server starts, then that goes, and not what is in use or another's", async () => {
  const now = new Date();
  const make = () => folderOf("cordwood-program-killed", { folderAt: twoDaysAgo, fileAt: twoDaysAgo });
  make();
  folderOf("cordwood-program-long", { folderAt: twoDaysAgo, fileAt: now });
  folderOf("sealing", { folderAt: twoDaysAgo, fileAt: twoDaysAgo });
  let own = "";
  await withProgramScratch(dataDir, async (scratch) => {
    own = scratch;
    expect(path.dirname(scratch)).toBe(room);
    expect(readdirSync(room).sort()).toEqual([path.basename(scratch), "cordwood-program-long", "sealing"].sort());
  });
  expect(existsSync(own)).toBe(false);

  make();
  removeLeftByPrograms(dataDir);
  expect(readdirSync(room).sort()).toEqual(["cordwood-program-long", "sealing"]);
  // An installation that is new has none.
  removeLeftByPrograms(path.join(dataDir, "new"));
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "given a program that works, when %s comes, then it ends by that, and its folder goes",
  async (signal) => {
    const module = pathToFileURL(path.resolve("bin/program-scratch.ts")).href;
    const script = `import { withProgramScratch } from ${JSON.stringify(module)};
    await withProgramScratch(${JSON.stringify(dataDir)}, async () => {
      console.log("works");
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    });`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    expect(readdirSync(room)).toHaveLength(1);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(readdirSync(room)).toEqual([]);
  },
);
