import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { getHistogram } from "@/core/search/get-histogram";

const querySchema = z.strictObject(searchParameters);

/** Counts by level over time of what a search finds. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { signal } = request;
  return {
    data: await getHistogram(runtime, { ...(await searchOf(runtime, parseQuery(request, querySchema))), signal }),
  };
});
