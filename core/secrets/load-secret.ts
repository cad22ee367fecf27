import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "@/core/error-code";
import { readIfThere } from "@/core/read-if-there";

/** In the data folder; who has it and the database can read what is sealed. */
const FILE = "secret";
const BYTES = 32;

/**
 * The secret of which all keys are derived: of the environment, or of the data folder, where it is made at the first start.
 * @param configured CORDWOOD_SECRET; null when it isn't set
 */
export async function loadSecret(configured: string | null, dataDir: string): Promise<string> {
  if (configured !== null) return configured;
  const file = path.join(dataDir, FILE);
  const stored = await readIfThere(file);
  if (stored !== null) return stored;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, randomBytes(BYTES).toString("hex"), { mode: 0o600 });
  try {
    // Appears whole or not at all, and only once when two processes start together.
    await link(own, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await unlink(own);
  }
  return readFile(file, "utf8");
}
