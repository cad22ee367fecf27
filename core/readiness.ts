import { sql } from "drizzle-orm";
import type { Runtime } from "./runtime";

/** Whether the database answers. The reason why not goes to the log, since the caller can do nothing with it. */
export async function isReady({ db, logger }: Runtime): Promise<boolean> {
  try {
    await db.execute(sql`select 1`);
    return true;
  } catch (error) {
    logger.warn({ error }, "not ready: the database does not answer");
    return false;
  }
}
