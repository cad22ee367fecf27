import { readFile } from "node:fs/promises";
import { codeOf } from "./error-code";

/** What a text file has; null when there is none. @throws Error when it can't be read */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
