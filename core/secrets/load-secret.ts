import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "@/core/error-code";
import { readIfThere } from "@/core/read-if-there";

/** There is no secret where it was kept; a sentence for the user. */
export class UnusableSecret extends Error {}

/** In the data folder; who has it and the database can read what is sealed. */
const FILE = "secret";
const BYTES = 32;

/**
 * The secret of which all keys are derived: of the environment, or of the data folder, where it is made at the first start.
 * @param configured CORDWOOD_SECRET; null when it isn't set
 * @throws UnusableSecret when the file has none
 */
export async function loadSecret(configured: string | null, dataDir: string): Promise<string> {
  if (configured !== null) return configured;
  const file = path.join(dataDir, FILE);
  const stored = await readIfThere(file);
  if (stored !== null) return orRefuse(stored, file);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, randomBytes(BYTES).toString("hex"), { mode: 0o600, flush: true });
  try {
    // Appears whole or not at all, and only once when two processes start together.
    await link(own, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await unlink(own);
  }
  return orRefuse(await readFile(file, "utf8"), file);
}

/** Of a lost one that everybody could guess: what a file system leaves after a power loss is empty, or nothing but NUL. */
function orRefuse(stored: string, file: string): string {
  if (/[^\0\s]/.test(stored)) return stored;
  throw new UnusableSecret(
    `The secret in ${file} is lost: put it back, from a copy or as CORDWOOD_SECRET. Where nothing was sealed with it, remove the file, and a new one is made.`,
  );
}
