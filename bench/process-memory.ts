import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * The most memory that a process had resident, in bytes, since it started or since resetPeakMemory: VmHWM of Linux
 * (proc(5)). Null on other systems, which don't tell it of another process.
 */
export const peakMemory = (processId: number) => readMemory(processId, "VmHWM");

/** What it has resident now, in bytes; null where peakMemory is. */
export const residentMemory = (processId: number) => readMemory(processId, "VmRSS");

function readMemory(processId: number, name: "VmHWM" | "VmRSS"): number | null {
  const file = `/proc/${processId}/status`;
  if (!existsSync(file)) return null;
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** Starts the peak anew (value 5 of clear_refs, proc(5)). */
export function resetPeakMemory(processId: number): void {
  const file = `/proc/${processId}/clear_refs`;
  if (existsSync(file)) writeFileSync(file, "5");
}
