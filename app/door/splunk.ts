import { protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import { BLANK_EVENT, NO_EVENT } from "@/core/ingest/protocols/splunk/splunk-events";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest, Sender } from "./address";
import { jsonAnswer } from "./answers";
import { rejectionsOf } from "./rejections";

const ROOT = "/services/collector";
const EVENTS = [ROOT, `${ROOT}/event`, `${ROOT}/event/1.0`];

const told = (status: number, code: number, text: string, more: object = {}): DoorAnswer =>
  jsonAnswer(status, { text, code, ...more });

/** Codes by which senders tell what can be tried again (Splunk, "Troubleshoot HTTP Event Collector", "Possible error codes"). */
function refusal(status: number, message: string, { headers }: DoorRequest): DoorAnswer {
  if (status === 401 && headers.get("authorization") === null) return told(status, 2, `Token is required: ${message}`);
  if (status === 401 || status === 403) return told(status, 4, `Invalid token: ${message}`);
  // What a sender sends too much of by itself, too: fluent-plugin-splunk-hec throws away what is answered by 4xx.
  if (status === 429 || status === 503) return told(503, 9, `Server is busy: ${message}`);
  if (status >= 500) return told(status, 8, `Internal server error: ${message}`);
  return told(status, 6, `Invalid data format: ${message}`);
}

/**
 * What was good is stored, other than by Splunk also after the first event that is wrong, whose number is told. Once something is stored the
 * answer is success: after 400 Docker's driver sends everything again, for ever.
 */
async function send(
  request: DoorRequest,
  runtime: Runtime,
  { principal }: Sender,
  format: Parameters<typeof protocolRequestOf>[2],
): Promise<DoorAnswer> {
  const answer = await takeEntries(runtime, protocolRequestOf(request, principal, format));
  const { accepted, rejected, errors } = answer;
  if (accepted + rejected === 0) return told(400, 5, "No data");
  const [first] = errors;
  if (!first) return told(200, 0, "Success");
  const number = { "invalid-event-number": first.index };
  if (accepted > 0) return told(200, 0, "Success", { ...number, rejections: rejectionsOf(answer) });
  if (first.error === NO_EVENT) return told(400, 12, NO_EVENT, number);
  if (first.error === BLANK_EVENT) return told(400, 13, BLANK_EVENT, number);
  const rest = rejected > 1 ? ` (${rejected} events were rejected; this is the first)` : "";
  return told(400, 6, `Invalid data format: ${first.error}${rest}`, number);
}

const METADATA = ["host", "source", "sourcetype", "index"];

/** Parameters of the address that say where raw lines are from; the index is the service of those that name none. */
const metadataOf = ({ parameters }: DoorRequest) =>
  METADATA.map((name) => [name === "index" ? "_index" : name, parameters.get(name) ?? ""] as const).filter(
    ([, value]) => value !== "",
  );

const health = async (_request: DoorRequest, runtime: Runtime): Promise<DoorAnswer> =>
  (await runtime.readiness.entries.get()).problem === null
    ? told(200, 17, "HEC is healthy")
    : told(503, 18, "HEC is unhealthy, queues are full");

/** What senders to Splunk's HTTP Event Collector send to (Splunk, "HTTP Event Collector REST API endpoints"). */
export const SPLUNK: readonly Address[] = [
  ...EVENTS.map(
    (path): Address => ({
      method: "POST",
      path,
      need: "ingest",
      refusal,
      answer: (request, runtime, sender) => send(request, runtime, sender, { protocol: "splunk" }),
    }),
  ),
  // By it Docker's driver looks at its start whether somebody is there; it brings no token.
  ...EVENTS.map(
    (path): Address => ({
      method: "OPTIONS",
      path,
      need: "always",
      refusal,
      answer: async () => ({ status: 200, headers: { allow: "OPTIONS, POST" } }),
    }),
  ),
  ...[`${ROOT}/raw`, `${ROOT}/raw/1.0`].map(
    (path): Address => ({
      method: "POST",
      path,
      need: "ingest",
      refusal,
      answer: (request, runtime, sender) =>
        send(request, runtime, sender, { protocol: "splunk_raw", metadata: metadataOf(request) }),
    }),
  ),
  {
    method: "POST",
    path: `${ROOT}/ack`,
    need: "ingest",
    refusal,
    // An answer of success says already that the events are committed.
    answer: async () => told(400, 14, "ACK is disabled"),
  },
  ...[`${ROOT}/health`, `${ROOT}/health/1.0`].flatMap((path) =>
    (["GET", "POST"] as const).map((method): Address => ({ method, path, need: "always", refusal, answer: health })),
  ),
];
