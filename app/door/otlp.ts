import { mediaTypeOf, protocolRequestOf, takeEntries } from "@/app/api/ingest-request";
import { unsupported } from "@/core/errors";
import { exportResponse, rpcStatus } from "@/core/ingest/protocols/otlp/export-response";
import type { Address, DoorAnswer, DoorRequest } from "./address";
import { rejectionsOf } from "./rejections";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

/**
 * What OpenTelemetry's SDKs and collectors send to over HTTP (OpenTelemetry protocol, "OTLP/HTTP"). An answer has the encoding of its
 * request; what was rejected is told as a partial success, after which nothing is sent again.
 */
export const OTLP: readonly Address[] = [
  {
    method: "POST",
    path: "/v1/logs",
    need: "ingest",
    refusal,
    async answer(request, runtime, { principal }) {
      const type = mediaTypeOf(request);
      if (type !== JSON_TYPE && type !== PROTOBUF_TYPE)
        throw unsupported(`Content-Type must be ${PROTOBUF_TYPE} or ${JSON_TYPE}, not "${type}"`);
      const protocol = type === JSON_TYPE ? "otlp_json" : "otlp_protobuf";
      const answer = await takeEntries(runtime, protocolRequestOf(request, principal, { protocol }));
      const message = answer.rejected === 0 ? "" : rejectionsOf(answer);
      return { status: 200, ...successOf(answer.rejected, message, type) };
    },
  },
];

/** ExportLogsServiceResponse. */
function successOf(rejected: number, message: string, type: string): Pick<DoorAnswer, "headers" | "body"> {
  const headers = { "content-type": type };
  if (type === JSON_TYPE) {
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: message };
    return { headers, body: JSON.stringify(rejected === 0 ? {} : { partialSuccess }) };
  }
  return { headers, body: exportResponse(rejected, message) };
}

const TIMED_OUT = 408;

/** After 408 nothing is sent again, other than after 429, 502, 503 and 504 (OpenTelemetry protocol, "Retryable Response Codes"). */
function refusal(status: number, message: string, request: DoorRequest): DoorAnswer {
  const told = statusOf(message, request);
  if (status !== TIMED_OUT) return { status, ...told };
  return { status: 503, headers: { ...told.headers, "retry-after": "1" }, body: told.body };
}

/** google.rpc.Status, of which senders read the message. */
function statusOf(message: string, request: DoorRequest): Pick<DoorAnswer, "headers" | "body"> {
  if (mediaTypeOf(request) !== PROTOBUF_TYPE)
    return { headers: { "content-type": JSON_TYPE }, body: JSON.stringify({ message }) };
  return { headers: { "content-type": PROTOBUF_TYPE }, body: rpcStatus(0, message) };
}
