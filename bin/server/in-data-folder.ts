import path from "node:path";
import { StartError } from "./start-error";

/** What a folder says that isn't one, or isn't this user's (errno(3)). */
const REFUSED = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ELOOP"];

/**
 * Does what writes into the data folder.
 * @throws StartError when that is no folder, or one that this user may not write; and what work throws else
 */
export async function inDataFolder<Result>(dataDir: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = refusalOf(error, dataDir);
    if (code === null) throw error;
    throw new StartError(`CORDWOOD_DATA_DIR must be a folder that this user may write, not "${dataDir}" (${code}).`);
  }
}

function refusalOf(error: unknown, dataDir: string): string | null {
  if (!(error instanceof Error && "code" in error && "path" in error)) return null;
  const { code, path: file } = error;
  if (typeof code !== "string" || typeof file !== "string" || !REFUSED.includes(code)) return null;
  const isInside = !path.relative(path.resolve(dataDir), path.resolve(file)).startsWith("..");
  // The folder above it may be the one that refuses.
  return isInside || path.resolve(dataDir).startsWith(path.resolve(file)) ? code : null;
}
