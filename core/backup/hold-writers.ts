import type pg from "pg";
import { lockExclusive } from "@/core/locks";
import { databaseOf } from "@/db/client";

/** What keeps others from changing entries; one of its two ends must be called. */
export type HeldWriters = {
  /** @throws Error when they were not kept away until now */
  release(): Promise<void>;
  /** After a failure. */
  abandon(): void;
};

/**
 * Waits until nobody writes entries, seals them or takes them out, and has who wants to wait. On Citus, where each worker shows what it has
 * when it is asked, that is what makes rows, counts and the catalogue those of one moment (ADR 22).
 */
export async function holdWriters(pool: pg.Pool): Promise<HeldWriters> {
  const client = await pool.connect();
  const abandon = () => client.release(true);
  try {
    await client.query("begin");
    // In the order in which retention takes them. A transaction of entries ends on all workers before it lets the second one go.
    await client.query("lock table logs.segments in share row exclusive mode");
    await lockExclusive(databaseOf(client), ["aggregation", 0]);
  } catch (error) {
    abandon();
    throw error;
  }
  return {
    async release() {
      try {
        await client.query("commit");
      } catch (error) {
        abandon();
        throw error;
      }
      client.release();
    },
    abandon,
  };
}
