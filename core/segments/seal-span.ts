import { randomUUID } from "node:crypto";
import path from "node:path";
import { sql } from "drizzle-orm";
import type pg from "pg";
import { z } from "zod";
import { LEVELS, type Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { databaseOf } from "@/db/client";
import { insertSegment } from "./catalogue";
import type { SealSpan } from "./choose-span";
import { entriesOf } from "./duck";
import type { EntriesContext, Segments } from "./segments";
import { FORMAT_VERSION, writeEntries } from "./write/write-file";

/** What happened; a test ends the process there. */
export const SEAL_STEPS = ["written", "stored", "catalogued", "taken out", "committed"] as const;
export type SealStep = (typeof SEAL_STEPS)[number];

export type SealContext = EntriesContext & {
  pool: pg.Pool;
  /** Told each step. */
  onStep?: (step: SealStep) => void;
};

/**
 * Moves the entries of a span from PostgreSQL into a segment. One transaction sees one state of them: it reads them, writes and
 * checks the file, names it in the catalogue and deletes just what it has read. What comes in meanwhile it neither sees nor
 * deletes. So every reader finds each entry once, whenever the process ends.
 * @returns how many entries were sealed
 * @throws Error when the file is not exactly what was read, and then nothing has changed
 */
export async function sealSpan(context: SealContext, span: SealSpan): Promise<number> {
  const { pool, segments, clock, onStep } = context;
  const client = await pool.connect();
  const name = nameOf(span.from);
  const file = path.join(segments.scratch, path.basename(name));
  try {
    await client.query("begin isolation level repeatable read");
    // Without a snapshot yet: who else changes the catalogue comes before it or after it.
    await client.query("lock table logs.segments in share row exclusive mode");
    const transaction = databaseOf(client);
    const { blocks, ...written } = await writeEntries(segments.duck, client, span, file);
    onStep?.("written");
    if (written.rows === 0) throw new Error("there are no entries in the time that was to be sealed");
    await segments.store.put(name, file);
    onStep?.("stored");
    const inside = await holdings(segments, file);
    const times = {
      firstMicros: Math.min(...blocks.map(({ firstMicros }) => firstMicros)),
      lastMicros: Math.max(...blocks.map(({ lastMicros }) => lastMicros)),
    };
    await insertSegment(
      transaction,
      { path: name, ...written, ...times, ...inside, blocks },
      { formatVersion: FORMAT_VERSION, now: clock.now() },
    );
    onStep?.("catalogued");
    const { rowCount } = await transaction.execute(sql`
      delete from logs.logs where timestamp >= ${span.from}::timestamptz and timestamp < ${span.to}::timestamptz`);
    if (rowCount !== written.rows) throw new Error(`${written.rows} entries were sealed and ${rowCount} taken out`);
    onStep?.("taken out");
    await client.query("commit");
    onStep?.("committed");
    client.release();
    return written.rows;
  } catch (error) {
    // The transaction ends with its connection, whatever state that is in.
    client.release(true);
    throw error;
  }
}

/** By day, so that people find their way: `2026/11/20/20261120T140000-….parquet`. */
export function nameOf(from: Date): string {
  const time = from.toISOString();
  const compact = time.slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time.slice(0, 10).replaceAll("-", "/")}/${compact}-${randomUUID()}.parquet`;
}

const holdingSchema = z.object({ service: z.string(), level: z.enum(LEVELS) });

/** Which services and levels a file has. */
export async function holdings(
  { duck }: Segments,
  file: string,
): Promise<{ services: string[] | null; levels: Level[] }> {
  const pairs = await duck.read(sql`select distinct service, level from ${entriesOf([file])}`, holdingSchema);
  const services = [...new Set(pairs.map(({ service }) => service))];
  return {
    services: services.length > LIMITS.segmentServices ? null : services.sort(),
    levels: LEVELS.filter((level) => pairs.some((pair) => pair.level === level)),
  };
}
