import { type DatabaseRoom, NO_ROOM } from "./ingest/database-room";
import type { Runtime } from "./runtime";
import { NEWER_SCHEMA } from "./schema-watch";

/** What an instance may be ready for: to take entries, or to show what is stored. */
export const PURPOSES = ["entries", "reading"] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * Why nothing can be taken, or read, at the moment, for who sends requests here; null when something can. More about it goes to the log,
 * since the caller can do nothing with it.
 */
export async function findProblem(
  { schema, logger, room }: Pick<Runtime, "schema" | "logger"> & { room: Pick<DatabaseRoom, "isFull"> },
  purpose: Purpose = "entries",
): Promise<string | null> {
  try {
    if (await schema.isNewer()) return NEWER_SCHEMA;
    if (purpose === "reading") return null;
    return (await room.isFull()) ? NO_ROOM : null;
  } catch (error) {
    logger.warn({ error }, "not ready: the database does not answer");
    return "the database does not answer";
  }
}
