import { existsSync, readdirSync, readFileSync } from "node:fs";

/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100;

type Process = { id: number; parent: number; ticks: number };

/**
 * How many seconds processors have worked for a process and all that come from it and still run, or have ended and were waited for
 * (proc(5)). Unlike the time on a clock, it is about the same while others use the machine. NaN on other systems than Linux.
 */
export function processorSeconds(processId: number): number {
  if (!existsSync("/proc/self/stat")) return Number.NaN;
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  let ticks = 0;
  const wanted = new Set([processId]);
  // Parents come before their children, unless numbers began anew.
  for (const { id, parent, ticks: own } of all.sort((a, b) => a.id - b.id)) {
    if (!wanted.has(id) && !wanted.has(parent)) continue;
    wanted.add(id);
    ticks += own;
  }
  return ticks / TICKS_PER_SECOND;
}

function readProcess(id: number): Process | null {
  try {
    const [parent = 0, ...fields] = readFileSync(`/proc/${id}/stat`, "utf8")
      .replace(/^.*\) \S /s, "")
      .split(" ")
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(9, 13);
    return { id, parent, ticks: user + system + childUser + childSystem };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
