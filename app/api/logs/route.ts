import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryBodySchema } from "@/app/api/entry-body";
import { ingestParametersSchema } from "@/app/api/ingest-parameters";
import { entryParameters } from "@/app/api/parameters";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { doorRoute } from "@/app/door/door-route";
import { ingestAnswerSchema } from "@/core/ingest/idempotency";
import { LIMITS } from "@/core/limits";
import { answerSearch } from "@/core/search/answer-search";
import { decodeCursor } from "@/core/search/cursor";
import { entryJson } from "@/core/search/entry-json";
import { searchAnswerSchema, sentEntrySchema } from "@/core/search/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.searchPage).default(100),
  cursor: z.string().optional(),
  ...entryParameters,
  explain: z.enum(["true", "false"], "must be true or false").default("true"),
});

export const GET = apiRoute(
  {
    need: "read",
    summary: "Searches entries, newest first, page by page.",
    query: querySchema,
    answer: searchAnswerSchema.extend({ entries: z.array(sentEntrySchema) }),
  },
  async (request, runtime, { query }) => {
    const { limit, cursor, attributes, fields, length, explain, ...parameters } = query;
    const search = await searchOf(runtime, parameters);
    const { signal } = request;
    const page = { limit, cursor: cursor === undefined ? undefined : decodeCursor(cursor) };
    const found = await answerSearch(runtime, { ...search, ...page, signal }, explain === "true");
    const form = { attributes, fields, length };
    return { data: { ...found, entries: found.entries.map((entry) => entryJson(entry, form)) } };
  },
);

export const POST = doorRoute("POST", "/api/logs", {
  summary: "Takes one entry, a list of them, or lines (NDJSON, or plain text): see docs/sending.md.",
  query: ingestParametersSchema,
  body: z.union([entryBodySchema, z.array(entryBodySchema)]),
  answer: ingestAnswerSchema,
});
