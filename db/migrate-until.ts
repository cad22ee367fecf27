import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { migrateDatabase } from "./migrate";

const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ when: z.number() })) });

/**
 * Brings a database to where an earlier version had it, for rows that were written there.
 * @param last the time of the last migration that is wanted, by which Drizzle knows it
 */
export async function migrateUntil(
  connectionString: string,
  last: number,
  folder = path.resolve("db/migrations"),
): Promise<void> {
  // Drizzle applies what the journal of a folder has, so it gets a folder with a shorter one.
  const earlier = mkdtempSync(path.join(os.tmpdir(), "cordwood-migrations-"));
  try {
    cpSync(folder, earlier, { recursive: true });
    const file = path.join(earlier, "meta/_journal.json");
    const journal = journalSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.filter(({ when }) => when <= last) }));
    await migrateDatabase(connectionString, { folder: earlier, isRestore: true });
  } finally {
    rmSync(earlier, { recursive: true, force: true });
  }
}
