import { mediaTypeOf, protocolRequestOf, senderOf, takeEntries } from "@/app/api/ingest-request";
import { unsupported } from "@/core/errors";
import { isPlacedEntry, journalFrames } from "@/core/ingest/protocols/journal/journal-frames";
import type { Address } from "./address";
import { textAnswer } from "./answers";
import { rejectionsOf } from "./rejections";

const TYPE = "application/vnd.fdo.journal";

/**
 * What systemd-journal-upload sends to (systemd-journal-upload(8)): one body as long as there is something in the journal. It ends on every
 * other answer than success, and begins again with the same entries, so those that can't be stored are told beside it.
 */
export const JOURNAL: readonly Address[] = [
  {
    method: "POST",
    path: "/upload",
    need: "ingest",
    isEndless: true,
    refusal: textAnswer,
    async answer(request, runtime, { principal }) {
      const type = mediaTypeOf(request);
      if (type !== TYPE) throw unsupported(`Content-Type must be ${TYPE}, not "${type}"`);
      const asked = protocolRequestOf(request, principal, { protocol: "journal_entries" });
      const space = JSON.stringify([senderOf(principal), asked.parameters]);
      const answer = await runtime.uploads.take(
        { ...asked, split: journalFrames, isPlaced: isPlacedEntry, space },
        (part) => takeEntries(runtime, part),
      );
      return textAnswer(202, answer.rejected === 0 ? "OK." : rejectionsOf(answer));
    },
  },
];
