import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { ifThere } from "@/core/if-there";

/** One file of a log: the one that is written to, or one that rotation has put away. */
export type Generation = {
  file: string;
  isPacked: boolean;
  bytes: number;
  /** Nanoseconds since 1970. */
  modified: bigint;
  /** Of the file system: the same after the file was given another name. */
  id: string;
};

/** What rotation puts behind the name of a log: `.1`, `-20261126`, `.2026-11-26_15-00`, `.1795705200`, each with `.gz` or without. */
const ROTATED = /(?:\.\d{1,3}|[.-]\d{4}-?\d\d-?\d\d(?:[T._-]?[\d.:-]*\d)?|[.-]\d{9,})?(?:\.gz)?$/;
const PACKED = /\.gz$/;
const NUMBER = /\.(\d{1,3})(?:\.gz)?$/;

/** The name that a file had before it was rotated; its own when its name doesn't say that it was. */
export const nameBeforeRotation = (name: string): string => name.replace(ROTATED, "") || name;

const belongsTo = (name: string, log: string): boolean =>
  name === log || (name.startsWith(log) && ROTATED.exec(name.slice(log.length))?.[0] === name.slice(log.length));

const idOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

export async function generationOf(file: string): Promise<Generation | null> {
  const stats = await ifThere(stat(file, { bigint: true }));
  if (!stats?.isFile()) return null;
  const { size, mtimeNs: modified } = stats;
  return { file, isPacked: PACKED.test(file), bytes: Number(size), modified, id: idOf(stats) };
}

/**
 * The files of a log, the oldest first: by the time when they were last written to; the log itself is the last. One that is just being
 * packed is there once: as long as it stands beside what it is packed into, that is not whole.
 */
export async function generationsOf(log: string): Promise<Generation[]> {
  const folder = path.dirname(log);
  const name = path.basename(log);
  const names = new Set((await readdir(folder)).filter((other) => belongsTo(other, name)));
  const isPacking = (one: string) => {
    const unpacked = one.replace(PACKED, "");
    return unpacked !== one && unpacked !== name && names.has(unpacked);
  };
  const whole = [...names].filter((one) => !isPacking(one));
  const found = await Promise.all(whole.map((one) => generationOf(path.join(folder, one))));
  return found.filter((generation) => generation !== null).sort((a, b) => order(a, b, log));
}

function order(a: Generation, b: Generation, log: string): number {
  if ((a.file === log) !== (b.file === log)) return a.file === log ? 1 : -1;
  if (a.modified !== b.modified) return a.modified < b.modified ? -1 : 1;
  return numberOf(b) - numberOf(a) || (a.file < b.file ? -1 : 1);
}

const numberOf = ({ file }: Generation): number => Number(NUMBER.exec(file)?.[1] ?? 0);
