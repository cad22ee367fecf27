import { notFound } from "next/navigation";
import { isFault } from "@/core/errors";

/** What a page reads, or the page that says that it isn't there. @throws every other error */
export async function orNotFound<Read>(read: Promise<Read>): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    if (isFault(error) && error.kind === "not_found") notFound();
    throw error;
  }
}
