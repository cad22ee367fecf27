import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { attributesParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { doorRoute } from "@/app/door/door-route";
import { LIMITS } from "@/core/limits";
import { decodeCursor } from "@/core/search/cursor";
import { entryJson } from "@/core/search/entry-json";
import { searchLogs } from "@/core/search/search-logs";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.searchPage).default(100),
  cursor: z.string().optional(),
  attributes: attributesParameter,
});

/** Search, newest first. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, cursor, attributes, ...parameters } = parseQuery(request, querySchema);
  const search = await searchOf(runtime, parameters);
  const { signal } = request;
  const found = await searchLogs(runtime, {
    ...search,
    limit,
    cursor: cursor === undefined ? undefined : decodeCursor(cursor),
    signal,
  });
  return { data: { ...found, entries: found.entries.map((entry) => entryJson(entry, attributes)) } };
});

export const POST = doorRoute("POST", "/api/logs");
