import { ingestParametersOf } from "@/app/api/ingest-parameters";
import type { DoorRequest } from "@/app/door/address";
import type { Principal } from "@/core/access/principal";
import { unsupported } from "@/core/errors";
import type { IngestAnswer } from "@/core/ingest/idempotency";
import { checkIdempotencyKey, type IngestRequest } from "@/core/ingest/ingest";
import type { Runtime } from "@/core/runtime";

const JSON_TYPES = ["application/json", "text/json"];
const NDJSON_TYPES = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

/**
 * What the address and the headers say of a body with entries. Without a Content-Type it is taken for JSON.
 * @throws Fault unsupported for another type, invalid for a parameter that is wrong or an Idempotency-Key that can't be one
 */
export function ingestRequestOf(
  request: DoorRequest,
  principal: Principal | null,
  formats: readonly ("json" | "ndjson")[],
): IngestRequest & { format: "json" | "ndjson" } {
  const { headers, body } = request;
  const type = (headers.get("content-type") ?? JSON_TYPES[0])?.split(";")[0]?.trim().toLowerCase() ?? "";
  const format = JSON_TYPES.includes(type) ? "json" : NDJSON_TYPES.includes(type) ? "ndjson" : undefined;
  if (!format || !formats.includes(format)) {
    const accepted = formats.map((name) => (name === "json" ? "application/json" : "application/x-ndjson"));
    throw unsupported(`Content-Type must be ${accepted.join(" or ")}, not "${type}"`);
  }
  const encodings = (headers.get("content-encoding") ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const announced = Number(headers.get("content-length") ?? 0);
  return {
    body,
    format,
    encodings: encodings.filter((name) => name !== ""),
    announcedBytes: Number.isFinite(announced) ? announced : 0,
    idempotencyKey: checkIdempotencyKey(headers.get("idempotency-key")),
    parameters: ingestParametersOf(request),
    services: principal?.kind === "key" && principal.services ? new Set(principal.services) : undefined,
  };
}

/** Stores the entries of a request and counts what became of them. */
export async function takeEntries({ ingest, metrics }: Runtime, request: IngestRequest): Promise<IngestAnswer> {
  const answer = await ingest.ingest(request);
  metrics.entries.inc({ outcome: "accepted" }, answer.accepted);
  metrics.entries.inc({ outcome: "rejected" }, answer.rejected);
  return answer;
}
