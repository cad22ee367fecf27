import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ifThere } from "@/core/if-there";
import { nameBeforeRotation } from "./generations";

export type FoundLog = {
  file: string;
  /** It was found in a folder: what rotation has put away of it is asked for too. */
  isInFolder: boolean;
};

const SAMPLE_BYTES = 8 * 1024;
const PACKED = /\.gz$/;

/**
 * The logs among files and folders, with folders within: what rotation has put away belongs to its log, and is none. Hidden files,
 * and what is no text, are left out of folders.
 * @param mayBeGone what isn't there is left out: for who has found it before, as rotation takes logs away for a moment
 * @throws Error when one of them isn't there
 */
export async function findLogs(paths: readonly string[], mayBeGone = false): Promise<FoundLog[]> {
  const found = new Map<string, FoundLog>();
  for (const one of paths) {
    const stats = mayBeGone ? await ifThere(stat(one)) : await stat(one);
    if (stats === null) continue;
    const isFolder = stats.isDirectory();
    const files = isFolder ? await logsIn(one) : [one];
    for (const file of files) found.set(file, { file, isInFolder: isFolder });
  }
  return [...found.values()];
}

async function logsIn(folder: string): Promise<string[]> {
  const names = ((await ifThere(readdir(folder))) ?? []).filter((name) => !name.startsWith(".")).sort();
  const logs: string[] = [];
  const files = new Set<string>();
  for (const name of names) {
    const file = path.join(folder, name);
    const stats = await stat(file).catch(() => null);
    if (stats?.isDirectory()) logs.push(...(await logsIn(file)));
    else if (stats?.isFile()) files.add(name);
  }
  for (const name of files) {
    const log = nameBeforeRotation(name);
    const isRotated = log !== name && files.has(log);
    const file = path.join(folder, name);
    if (!isRotated && (await isText(file))) logs.push(file);
  }
  return logs;
}

async function isText(file: string): Promise<boolean> {
  if (PACKED.test(file)) return true;
  const handle = await open(file).catch(() => null);
  if (!handle) return true;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await handle.close();
  }
}
