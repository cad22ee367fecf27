import { execFile, execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { COPY_COLUMNS } from "./lines";

const run = promisify(execFile);

/** Whether `psql` can be started; else the file is copied by the driver, which is about as fast. */
export function hasPsql(): boolean {
  try {
    execFileSync("psql", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The reference: one stream of the rows in PostgreSQL's text format, in one transaction, with nothing counted. */
export async function copyFile(file: string, databaseUrl: string, pool: pg.Pool): Promise<void> {
  if (hasPsql()) {
    const command = `\\copy logs.logs (${COPY_COLUMNS}) from '${file}'`;
    await run("psql", ["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-c", command, databaseUrl]);
    return;
  }
  const client = await pool.connect();
  try {
    await pipeline(createReadStream(file), client.query(copyFrom(`copy logs.logs (${COPY_COLUMNS}) from stdin`)));
  } finally {
    client.release();
  }
}
