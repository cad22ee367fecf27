import { NO_ROOM } from "./ingest/database-room";
import type { Runtime } from "./runtime";
import { NEWER_SCHEMA } from "./schema-watch";

/**
 * Why nothing can be taken at the moment, for who sends requests here; null when something can. More about it goes to the log,
 * since the caller can do nothing with it.
 */
export async function findProblem({
  schema,
  logger,
  room,
}: Pick<Runtime, "schema" | "logger" | "room">): Promise<string | null> {
  try {
    if (await schema.isNewer()) return NEWER_SCHEMA;
    return (await room.isFull()) ? NO_ROOM : null;
  } catch (error) {
    logger.warn({ error }, "not ready: the database does not answer");
    return "the database does not answer";
  }
}
