import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { getFacets } from "@/core/search/get-facets";

const querySchema = z.strictObject(searchParameters);

/** The most frequent values of each field among what a search finds. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { signal } = request;
  return { data: await getFacets(runtime, { ...(await searchOf(runtime, parseQuery(request, querySchema))), signal }) };
});
