import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { LEVELS, type Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { insertSegment } from "./catalogue";
import { entriesOf } from "./duck";
import type { SealContext } from "./seal-context";
import type { Segments } from "./segments";
import { FORMAT_VERSION } from "./write/write-file";
import type { SegmentFile, WrittenSegment } from "./write/write-segments";

/**
 * Names it by day, so that people find their way: `2026/11/20/20261120T140000-….parquet`.
 * @param from the time of its first entry
 */
export function newSegmentFile({ scratch }: Segments, from: Date): SegmentFile {
  const time = from.toISOString();
  const compact = time.slice(0, 19).replaceAll(/[-:]/g, "");
  const name = `${compact}-${randomUUID()}.parquet`;
  return { path: `${time.slice(0, 10).replaceAll("-", "/")}/${name}`, file: path.join(scratch, name) };
}

/** Stores a file that is written and checked, and names it in the catalogue. */
export async function addSegment(
  { segments, clock, onStep }: SealContext,
  transaction: Executor,
  written: WrittenSegment,
): Promise<void> {
  const { file, blocks, ...segment } = written;
  await segments.store.put(segment, file);
  onStep?.("stored");
  const named = {
    ...segment,
    ...(await holdings(segments, file)),
    firstMicros: Math.min(...blocks.map(({ firstMicros }) => firstMicros)),
    lastMicros: Math.max(...blocks.map(({ lastMicros }) => lastMicros)),
    blocks,
  };
  await insertSegment(transaction, named, { formatVersion: FORMAT_VERSION, now: clock.now() });
  await rm(file);
}

const holdingSchema = z.object({ service: z.string(), level: z.enum(LEVELS) });

/** Which services and levels a file has. */
async function holdings({ duck }: Segments, file: string): Promise<{ services: string[] | null; levels: Level[] }> {
  const pairs = await duck.read(sql`select distinct service, level from ${entriesOf([file])}`, holdingSchema);
  const services = [...new Set(pairs.map(({ service }) => service))];
  return {
    services: services.length > LIMITS.segmentServices ? null : services.sort(),
    levels: LEVELS.filter((level) => pairs.some((pair) => pair.level === level)),
  };
}
