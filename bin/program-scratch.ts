import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DAY_MS } from "@/core/clock";
import { reasonOf } from "@/core/errors";

const PREFIX = "cordwood-program-";

/** In the data folder, where there is room; a system's folder for what is temporary is often in memory. */
const roomOf = (dataDir: string) => path.join(dataDir, "scratch");

/**
 * Does work with a local folder of its own, which goes at the end, and also when the program is interrupted. Takes away what programs
 * have left behind that were killed.
 */
export async function withProgramScratch<Result>(
  dataDir: string,
  work: (scratch: string) => Promise<Result>,
): Promise<Result> {
  const room = existsSync(roomOf(dataDir)) ? roomOf(dataDir) : os.tmpdir();
  removeLeftBehind(room);
  const scratch = mkdtempSync(path.join(room, PREFIX));
  const remove = () => rmSync(scratch, { recursive: true, force: true });
  const interrupted = (signal: NodeJS.Signals) => {
    remove();
    // Nobody handles it any more, so that it ends the program as if nobody had.
    for (const one of SIGNALS) process.off(one, interrupted);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, interrupted);
  try {
    return await work(scratch);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    remove();
  }
}

/** Not SIGHUP, which nohup has ignored: who handles it ends by it. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What was left in the data folder, where a server may be the only one who comes by. */
export function removeLeftByPrograms(dataDir: string): void {
  const room = roomOf(dataDir);
  if (existsSync(room)) removeLeftBehind(room);
}

/** Folders in which nothing was written for a day: a program may work for hours. */
function removeLeftBehind(room: string): void {
  for (const name of readdirSync(room).filter((one) => one.startsWith(PREFIX))) {
    const folder = path.join(room, name);
    try {
      if (Date.now() - writtenMs(folder) > DAY_MS) rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      // Another program's that goes just now, or another user's.
      process.stderr.write(`${folder} could not be looked at: ${reasonOf(error)}\n`);
    }
  }
}

/** When the latest of what is in a folder was written. */
function writtenMs(folder: string): number {
  const inside = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name));
  return Math.max(...[folder, ...inside].map((file) => statSync(file).mtimeMs));
}
