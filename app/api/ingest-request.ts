import { createHash } from "node:crypto";
import { ingestParametersOf } from "@/app/api/ingest-parameters";
import type { DoorRequest } from "@/app/door/address";
import type { Principal } from "@/core/access/principal";
import { unsupported } from "@/core/errors";
import type { BodyFormat } from "@/core/ingest/decoder-of";
import type { IngestAnswer } from "@/core/ingest/idempotency";
import { checkIdempotencyKey, type IngestRequest } from "@/core/ingest/ingest";
import type { ProtocolFormat } from "@/core/ingest/protocols/protocol-format";
import type { Runtime } from "@/core/runtime";

/** The media types of bodies with entries, the usual one of each format first. Any other type that ends in +json is JSON too. */
const ENTRY_TYPES: Readonly<Record<BodyFormat, readonly string[]>> = {
  // The last two are what curl and others say when they are told nothing; a body that is no JSON is refused as such.
  json: ["application/json", "text/json", "application/x-www-form-urlencoded", "application/octet-stream"],
  ndjson: [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/x-json-stream",
    "application/stream+json",
  ],
  text: ["text/plain"],
};

function formatOf(type: string): BodyFormat | undefined {
  if (ENTRY_TYPES.ndjson.includes(type)) return "ndjson";
  if (ENTRY_TYPES.text.includes(type)) return "text";
  return type === "" || type.endsWith("+json") || ENTRY_TYPES.json.includes(type) ? "json" : undefined;
}

/**
 * What the address and the headers say of a body with entries. Without a Content-Type it is taken for JSON.
 * @throws Fault unsupported for another type, invalid for a parameter that is wrong or an Idempotency-Key that can't be one
 */
export function ingestRequestOf(
  request: DoorRequest,
  principal: Principal | null,
  formats: readonly BodyFormat[],
): IngestRequest {
  const type = mediaTypeOf(request);
  const format = formatOf(type);
  if (!format || !formats.includes(format)) {
    throw unsupported(
      `Content-Type must be ${formats.map((name) => ENTRY_TYPES[name][0]).join(" or ")}, not "${type}"`,
    );
  }
  return { ...sentAs(request, principal), format, parameters: ingestParametersOf(request) };
}

/**
 * The same for a protocol, whose senders have parameters of their own and are told of each entry.
 * @throws Fault invalid for a parameter of ours that is wrong
 */
export const protocolRequestOf = (
  request: DoorRequest,
  principal: Principal | null,
  format: ProtocolFormat,
): IngestRequest => ({
  ...sentAs(request, principal),
  format,
  parameters: ingestParametersOf(request, "ignore"),
  tellsEach: true,
});

function sentAs(request: DoorRequest, principal: Principal | null) {
  const { headers, body } = request;
  const encodings = (headers.get("content-encoding") ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const announced = Number(headers.get("content-length") ?? 0);
  return {
    body,
    encodings: encodings.filter((name) => name !== ""),
    announcedBytes: Number.isFinite(announced) ? announced : 0,
    ...idempotencyOf(request, principal, headers.get("idempotency-key")),
    services: principal?.kind === "key" && principal.services ? new Set(principal.services) : undefined,
  };
}

/** Who sends, as data. */
export const senderOf = (principal: Principal | null): readonly string[] | null =>
  principal && ("id" in principal ? [principal.kind, principal.id] : [principal.kind]);

/** With which names of our own begin in `logs.ingest_requests`, so that no client's may. */
const OWN_NAME = /^(client|entry|upload|message) /;

/**
 * Under which a request is known again: a client's key is its own, on the path that it sends to. Others may choose the same.
 * @param key that the sender gave; null for none
 * @throws Fault invalid for one that can't be a key
 */
export function idempotencyOf(
  { path }: Pick<DoorRequest, "path">,
  principal: Principal | null,
  key: string | null,
): Pick<IngestRequest, "idempotencyKey" | "formerKey"> {
  const checked = checkIdempotencyKey(key);
  if (checked === undefined) return {};
  const hash = createHash("sha256")
    .update(JSON.stringify([senderOf(principal), path, checked]))
    .digest("base64url");
  return { idempotencyKey: `client ${hash}`, ...(!OWN_NAME.test(checked) && { formerKey: checked }) };
}

/** The media type of a request's body, in small letters, without parameters; empty for none. */
export const mediaTypeOf = ({ headers }: DoorRequest): string =>
  headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";

/** Stores the entries of a request and counts what became of them. */
export async function takeEntries(
  { ingest, metrics }: Pick<Runtime, "ingest" | "metrics">,
  request: IngestRequest,
): Promise<IngestAnswer> {
  const answer = await ingest.ingest(request);
  metrics.entries.inc({ outcome: "accepted" }, answer.accepted);
  metrics.entries.inc({ outcome: "rejected" }, answer.rejected);
  return answer;
}
