import { STATUS_CODES } from "node:http";
import { mediaTypeOf, protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import type { DatadogParameters } from "@/core/ingest/protocols/datadog/datadog-logs";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest, Sender } from "./address";
import { jsonAnswer } from "./answers";
import { rejectionsOf } from "./rejections";

const INPUT = "/v1/input";

/** Errors as the two versions of the API tell them (Datadog API, "Send logs"). */
const errorOfV2 = (status: number, detail: string) =>
  jsonAnswer(status, { errors: [{ status: String(status), title: STATUS_CODES[status], detail }] });
const errorOfV1 = (status: number, message: string) => jsonAnswer(status, { code: status, message });

const parameterOf = ({ parameters }: DoorRequest, name: keyof DatadogParameters) => parameters.get(name) ?? "";

/**
 * Logs that can never be stored are told with success: after anything else Fluent Bit sends all of them again.
 * @param told the answers of the version: of success, and of an error
 */
async function send(
  request: DoorRequest,
  runtime: Runtime,
  { principal }: Sender,
  told: { success: number; error: (status: number, message: string) => DoorAnswer },
): Promise<DoorAnswer> {
  const shared = {
    ddsource: parameterOf(request, "ddsource"),
    ddtags: parameterOf(request, "ddtags"),
    hostname: parameterOf(request, "hostname"),
    service: parameterOf(request, "service"),
  };
  const type = mediaTypeOf(request) === "text/plain" ? ("text" as const) : ("json" as const);
  const asked = protocolRequestOf(request, principal, { protocol: "datadog", type, shared });
  const answer = await takeEntries(runtime, asked);
  if (answer.rejected === 0) return jsonAnswer(told.success, {});
  return { ...told.error(400, rejectionsOf(answer)), status: told.success };
}

/** The key as a parameter, and of /v1/input also as the last part of the path. */
const keyInUrl: Address["keyInUrl"] = ({ path, parameters }) =>
  parameters.get("dd-api-key") || (path.startsWith(`${INPUT}/`) ? path.slice(INPUT.length + 1) : "") || null;

/** What Datadog's agent and libraries send logs to, and by what they ask whether their key holds (Datadog API, "Logs"). */
export const DATADOG: readonly Address[] = [
  {
    method: "POST",
    path: "/api/v2/logs",
    need: "ingest",
    keyInUrl,
    refusal: errorOfV2,
    answer: (request, runtime, sender) => send(request, runtime, sender, { success: 202, error: errorOfV2 }),
  },
  ...[INPUT, `${INPUT}/*`].map(
    (path): Address => ({
      method: "POST",
      path,
      need: "ingest",
      keyInUrl,
      refusal: errorOfV1,
      answer: (request, runtime, sender) => send(request, runtime, sender, { success: 200, error: errorOfV1 }),
    }),
  ),
  {
    method: "GET",
    path: "/api/v1/validate",
    need: "ingest",
    keyInUrl,
    refusal: (status, message) => jsonAnswer(status, { errors: [message] }),
    answer: async () => jsonAnswer(200, { valid: true }),
  },
];
