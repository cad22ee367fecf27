import type { IngestAnswer } from "@/core/ingest/idempotency";
import { nounFor } from "@/core/noun";

const MOST_TOLD = 5;

/** What was rejected, in a sentence, for protocols that have a text for it: how many, and the first reasons with their entry's place from 0. */
export function rejectionsOf({ accepted, rejected, errors }: IngestAnswer): string {
  const told = errors.slice(0, MOST_TOLD).map(({ index, error }) => `entry ${index}: ${error}`);
  const more = rejected > MOST_TOLD ? `, and ${rejected - MOST_TOLD} more` : "";
  const total = accepted + rejected;
  return `${rejected} of ${total} ${nounFor(total, "entry", "entries")} ${nounFor(rejected, "was", "were")} rejected: ${told.join("; ")}${more}`;
}
