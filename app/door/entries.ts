import { ingestRequestOf, takeEntries } from "@/app/api/ingest-request";
import { nounFor } from "@/core/noun";
import type { Address, DoorAnswer } from "./address";
import { jsonAnswer } from "./answers";

/** Cordwood's own ways in: one entry, an array, `{"logs": [...]}`, NDJSON or plain text; and the batch, of at most LIMITS.batchEntries entries. */
export const ENTRIES: readonly Address[] = [
  {
    method: "POST",
    path: "/api/logs",
    need: "ingest",
    async answer(request, runtime, { principal }) {
      return created({
        data: await takeEntries(runtime, ingestRequestOf(request, principal, ["json", "ndjson", "text"])),
      });
    },
  },
  {
    method: "POST",
    path: "/api/logs/batch",
    need: "ingest",
    async answer(request, runtime, { principal }) {
      const asked = { ...ingestRequestOf(request, principal, ["json"]), format: "batch" as const };
      const answer = await takeEntries(runtime, asked);
      const message = `${answer.accepted} ${nounFor(answer.accepted, "entry", "entries")} accepted`;
      return created({ data: { ...answer, message }, message });
    },
  },
];

const created = (body: { data: unknown; message?: string }): DoorAnswer => jsonAnswer(201, { success: true, ...body });
