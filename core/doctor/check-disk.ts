import { statfs } from "node:fs/promises";
import { reasonOf } from "@/core/errors";
import { type Finding, look, ok, trouble } from "./finding";

const GB = 1e9;
const LEAST_BYTES = 1 * GB;
/** PostgreSQL's log alone may take 4 GB (max_wal_size). */
const FEW_BYTES = 5 * GB;

/** Free room where a folder is. @param what it has, such as "data folder" */
export async function checkDisk(what: string, folder: string): Promise<Finding> {
  const part = `disk of the ${what}`;
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    const free = bavail * bsize;
    const says = `${(free / GB).toFixed(1)} GB of ${((blocks * bsize) / GB).toFixed(1)} GB are free in ${folder}`;
    if (free < LEAST_BYTES) return trouble(part, says, "Make room, or set CORDWOOD_MAX_DISK or shorter retention.");
    if (free < FEW_BYTES) return look(part, says, "Make room before it is full, or set CORDWOOD_MAX_DISK.");
    return ok(part, says);
  } catch (error) {
    return trouble(part, reasonOf(error), `Look whether ${folder} is there and may be read.`);
  }
}
