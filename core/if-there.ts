import { codeOf } from "./error-code";

/** What is asked of a file or folder; null when there is none, or none any more. @throws Error for every other reason */
export async function ifThere<Found>(asked: Promise<Found>): Promise<Found | null> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
