import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { entryParameters } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { doorRoute } from "@/app/door/door-route";
import { LIMITS } from "@/core/limits";
import { answerSearch } from "@/core/search/answer-search";
import { decodeCursor } from "@/core/search/cursor";
import { entryJson } from "@/core/search/entry-json";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.searchPage).default(100),
  cursor: z.string().optional(),
  ...entryParameters,
  explain: z.enum(["true", "false"], "must be true or false").default("true"),
});

/** Search, newest first. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, cursor, attributes, fields, length, explain, ...parameters } = parseQuery(request, querySchema);
  const search = await searchOf(runtime, parameters);
  const { signal } = request;
  const page = { limit, cursor: cursor === undefined ? undefined : decodeCursor(cursor) };
  const found = await answerSearch(runtime, { ...search, ...page, signal }, explain === "true");
  const form = { attributes, fields, length };
  return { data: { ...found, entries: found.entries.map((entry) => entryJson(entry, form)) } };
});

export const POST = doorRoute("POST", "/api/logs");
