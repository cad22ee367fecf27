import { isUtf8 } from "node:buffer";
import { z } from "zod";
import type { DoorRequest } from "@/app/door/address";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import { invalid } from "@/core/errors";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { levelIndex } from "@/core/ingest/level";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { storable, storableText } from "@/core/storable-text";

const pathSchema = storableText(LIMITS.fieldPathCharacters)
  .min(1, "must name a member, such as msg or http.time")
  .optional();

/** Parts at commas, without spaces around and empty ones. */
const listOf = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

const fieldsSchema = {
  service: serviceNameSchema.optional(),
  level: z
    .string()
    .transform((name) => levelIndex(Buffer.from(name), 0, Buffer.byteLength(name)))
    .refine((index) => index >= 0, "must be a level, such as info, warning or error")
    .optional(),
  message_field: pathSchema,
  time_field: pathSchema,
  level_field: pathSchema,
  service_field: pathSchema,
  tags: storable
    .transform(listOf)
    .refine((tags) => tags.length <= LIMITS.tags, `must be at most ${LIMITS.tags} tags, parted by commas`)
    .refine(
      (tags) => tags.every((tag) => [...tag].length <= LIMITS.tagCharacters),
      `must be tags of at most ${LIMITS.tagCharacters} characters each`,
    )
    .optional(),
  ignore_fields: z
    .string()
    .transform(listOf)
    .refine((paths) => paths.length <= LIMITS.ignoredFields, `must be at most ${LIMITS.ignoredFields} members`)
    .optional(),
  old: z.literal("now", "must be now, which gives what is older than entries are kept the time of arrival").optional(),
};
/** Of POST /api/logs and every protocol's addresses. */
export const ingestParametersSchema = z.object(fieldsSchema);

/** The names of the parameters, as docs/sending.md has them. */
export const INGEST_PARAMETERS = Object.keys(fieldsSchema);

const HEADER_PREFIX = "x-cordwood-";
const headerOf = (name: string) => `${HEADER_PREFIX}${name.replaceAll("_", "-")}`;
/** As people write it: X-Cordwood-Message-Field. */
const writtenHeader = (name: string) => headerOf(name).replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
const ACCEPTED_HEADERS = new Set<string>([...INGEST_PARAMETERS.map(headerOf), ...Object.values(SERVER_HEADERS)]);

/**
 * What the address and the headers X-Cordwood-... say of all entries of a request; the address counts where both do.
 * @param foreign whether a parameter that Cordwood doesn't know may be the protocol's own, and is passed over
 * @throws Fault invalid for one that is wrong, and for one that is unknown, with what is accepted
 */
export function ingestParametersOf(
  { parameters, headers }: Pick<DoorRequest, "parameters" | "headers">,
  foreign: "refuse" | "ignore" = "refuse",
): IngestParameters {
  const given: Record<string, string> = {};
  /** What the sender calls each, for messages. */
  const written: Record<string, string> = {};
  for (const header of headers.keys()) {
    if (!header.startsWith(HEADER_PREFIX)) continue;
    if (!ACCEPTED_HEADERS.has(header))
      throw invalid(`the header ${header} is unknown; accepted are ${INGEST_PARAMETERS.map(writtenHeader).join(", ")}`);
    const name = header.slice(HEADER_PREFIX.length).replaceAll("-", "_");
    if (!INGEST_PARAMETERS.includes(name)) continue;
    given[name] = textOf(headers.get(header) ?? "");
    written[name] = writtenHeader(name);
  }
  for (const [name, value] of parameters) {
    if (!INGEST_PARAMETERS.includes(name)) {
      if (foreign === "ignore") continue;
      throw invalid(`the parameter ${name} is unknown; accepted are ${INGEST_PARAMETERS.join(", ")}`);
    }
    if (written[name] === name) throw invalid(`the parameter ${name} stands more than once`);
    given[name] = value;
    written[name] = name;
  }
  if (Object.keys(given).length === 0) return {};
  const parsed = ingestParametersSchema.safeParse(given);
  if (!parsed.success) {
    const [{ path, message } = { path: [], message: "is not valid" }] = parsed.error.issues;
    const name = String(path[0]);
    throw invalid(
      `${written[name] ?? name} ${message.startsWith(`${name} `) ? message.slice(name.length + 1) : message}`,
    );
  }
  const { service, level, tags, ignore_fields, old, ...fields } = parsed.data;
  const { message_field: message, time_field: timestamp, level_field, service_field } = fields;
  const hasFields = Object.values(fields).some((path) => path !== undefined);
  return {
    service,
    level,
    old,
    fields: hasFields ? { message, timestamp, level: level_field, service: service_field } : undefined,
    tags: tags && tags.length > 0 ? tags : undefined,
    ignored: ignore_fields && ignore_fields.length > 0 ? ignore_fields : undefined,
  };
}

/** Header values are bytes (RFC 9110, section 5.5), which Node.js gives as one character each: what is UTF-8 is read so. */
function textOf(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
