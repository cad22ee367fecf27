import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseQuery } from "@/app/api/parse-request";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { LIMITS } from "@/core/limits";
import { findPatterns } from "@/core/patterns/find-patterns";
import { allKeptFrom } from "@/core/retention/all-kept-from";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.foundPatterns).default(25),
  offset: wholeNumber(0, LIMITS.statsGroups).default(0),
});

/** The patterns of what a search finds. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, offset, ...parameters } = parseQuery(request, querySchema);
  const { query, service, from, to } = await searchOf(runtime, parameters);
  const { signal } = request;
  const kept = await allKeptFrom(runtime);
  const found = await findPatterns(runtime, { query, service, from, to, allKeptFrom: kept, limit, offset, signal });
  return { data: found };
});
