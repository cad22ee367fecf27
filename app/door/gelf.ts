import { protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import { invalid } from "@/core/errors";
import type { Address } from "./address";
import { rejectionsOf } from "./rejections";

const GELF_WITHOUT_SOURCE = { protocol: "gelf_without_source" } as const;

/** What Graylog's libraries and Docker's driver send to over HTTP (Graylog, "GELF HTTP"). They look at the status alone. */
export const GELF: readonly Address[] = [
  {
    method: "POST",
    path: "/gelf",
    need: "ingest",
    async answer(request, runtime, { principal }) {
      const asked = protocolRequestOf(request, principal, { protocol: "gelf" });
      const format = asked.parameters?.service === undefined ? asked.format : GELF_WITHOUT_SOURCE;
      const answer = await takeEntries(runtime, { ...asked, format });
      if (answer.rejected > 0) throw invalid(rejectionsOf(answer), answer);
      return { status: 202 };
    },
  },
];
