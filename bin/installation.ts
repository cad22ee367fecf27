import path from "node:path";
import type pg from "pg";
import { systemClock } from "@/core/clock";
import type { Config } from "@/core/config";
import { checkStore } from "@/core/segments/check-store";
import { createSegments, createTurns, type EntriesContext, type Segments } from "@/core/segments/segments";
import { createPool, databaseOf } from "@/db/client";
import { openEmbedded } from "@/db/embedded/open-embedded";
import { withProgramScratch } from "./program-scratch";

/** What a program beside the server works with. */
export type Installation = EntriesContext & {
  pool: pg.Pool;
  /** A local folder of its own, which goes at the end. */
  scratch: string;
};

/**
 * With the database and the store that the environment names, beside a running Cordwood or without one.
 * @throws Error when the database can't be reached; StoreError when the store is another database's
 */
export async function withInstallation<Result>(
  config: Config,
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const { databaseUrl } = config;
  const embedded = databaseUrl === null ? await openEmbedded(config.dataDir) : null;
  const pool = createPool(embedded?.connectionString ?? databaseUrl ?? "", () => undefined);
  try {
    return await withSegments(config, async (segments, scratch) => {
      const context = { pool, db: databaseOf(pool), clock: systemClock, segments, turns: createTurns(), scratch };
      await checkStore(context, false);
      return work(context);
    });
  } finally {
    await pool.end();
    await embedded?.close();
  }
}

/** With the store alone. @param work is also given a local folder of its own, which goes at the end */
export async function withSegments<Result>(
  { dataDir, segments: place, segmentMemoryBytes: memoryBytes }: Config,
  work: (segments: Segments, scratch: string) => Promise<Result>,
): Promise<Result> {
  return withProgramScratch(dataDir, async (scratch) => {
    // The server's cache is its own.
    const own =
      "folder" in place ? place : { ...place, cache: { ...place.cache, folder: path.join(scratch, "cache") } };
    const segments = createSegments({ ...own, scratch, memoryBytes });
    try {
      return await work(segments, scratch);
    } finally {
      segments.duck.close();
    }
  });
}
