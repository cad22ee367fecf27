import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { ingestRequestOf, takeEntries } from "@/app/api/ingest-request";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { LIMITS } from "@/core/limits";
import { decodeCursor } from "@/core/search/cursor";
import { searchLogs } from "@/core/search/search-logs";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.searchPage).default(100),
  cursor: z.string().optional(),
});

/** Search, newest first. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, cursor, ...parameters } = parseQuery(request, querySchema);
  const search = await searchOf(runtime, parameters);
  const { signal } = request;
  return {
    data: await searchLogs(runtime, {
      ...search,
      limit,
      cursor: cursor === undefined ? undefined : decodeCursor(cursor),
      signal,
    }),
  };
});

/** Takes entries: one, an array, `{"logs": [...]}` or NDJSON. */
export const POST = apiRoute("ingest", async (request, runtime, { principal }) => ({
  status: 201,
  data: await takeEntries(runtime, ingestRequestOf(request, principal, ["json", "ndjson"])),
}));
