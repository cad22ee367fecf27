import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { type FaultKind, isFault } from "@/core/errors";
import { rpcStatus } from "@/core/ingest/protocols/otlp/export-response";
import { asFault } from "@/core/ingest/write";

/** Exporters send again after UNAVAILABLE, ABORTED and DEADLINE_EXCEEDED, of those that are here (OpenTelemetry protocol, "OTLP/gRPC Response"). */
const CODES: Readonly<Record<FaultKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthorised: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.ABORTED,
  too_large: status.RESOURCE_EXHAUSTED,
  unsupported: status.UNIMPLEMENTED,
  timed_out: status.DEADLINE_EXCEEDED,
  too_busy: status.UNAVAILABLE,
  unavailable: status.UNAVAILABLE,
};

/** What a caller is told of an error. One that is no fault of ours to be told has no details. */
export function statusOf(thrown: unknown): StatusObject {
  const error = asFault(thrown);
  const metadata = new Metadata();
  if (!isFault(error)) return { code: status.INTERNAL, details: "an error of the server; its log says more", metadata };
  const code = CODES[error.kind];
  if (code === status.UNAVAILABLE)
    metadata.set("grpc-status-details-bin", rpcStatus(code, error.message, error.retryAfterSeconds));
  return { code, details: error.message, metadata };
}
