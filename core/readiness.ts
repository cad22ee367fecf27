import { sql } from "drizzle-orm";
import { NO_ROOM } from "./ingest/database-room";
import type { Runtime } from "./runtime";

/**
 * Why nothing can be taken at the moment, for who sends requests here; null when something can. More about it goes to the log,
 * since the caller can do nothing with it.
 */
export async function findProblem({ db, logger, room }: Runtime): Promise<string | null> {
  try {
    await db.execute(sql`select 1`);
    return (await room.isFull()) ? NO_ROOM : null;
  } catch (error) {
    logger.warn({ error }, "not ready: the database does not answer");
    return "the database does not answer";
  }
}
