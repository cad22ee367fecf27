import { mediaTypeOf, protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import { unsupported } from "@/core/errors";
import type { Address } from "./address";
import { textAnswer } from "./answers";
import { answerReadiness } from "./probes";
import { rejectionsOf } from "./rejections";

const PROTOBUF = "loki_protobuf";
const FORMATS = { "application/json": "loki_json", "application/x-protobuf": PROTOBUF } as const;

/** What Grafana Loki's senders send to (Grafana Loki, HTTP API, "Ingest logs"). Its senders try again after 429 and 5xx only. */
export const LOKI: readonly Address[] = [
  // By it Vector looks at its start whether somebody is there (Grafana Loki, HTTP API, "Readiness").
  { method: "GET", path: "/ready", need: "always", answer: answerReadiness },
  {
    method: "POST",
    path: "/loki/api/v1/push",
    need: "ingest",
    refusal: textAnswer,
    async answer(request, runtime, { principal }) {
      const type = mediaTypeOf(request);
      const protocol = type === "" ? PROTOBUF : Object.entries(FORMATS).find(([name]) => name === type)?.[1];
      if (!protocol) throw unsupported(`Content-Type must be ${Object.keys(FORMATS).join(" or ")}, not "${type}"`);
      const asked = protocolRequestOf(request, principal, { protocol });
      // Protocol buffers come compressed by Snappy whether the header says so or not.
      const encodings = asked.encodings.filter((name) => name !== "snappy");
      const answer = await takeEntries(runtime, { ...asked, encodings });
      return answer.rejected === 0 ? { status: 204 } : textAnswer(400, rejectionsOf(answer));
    },
  },
];
