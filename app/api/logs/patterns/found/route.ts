import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { LIMITS } from "@/core/limits";
import { findPatterns } from "@/core/patterns/find-patterns";
import { foundPatternsSchema } from "@/core/patterns/found-schemas";
import { allKeptFrom } from "@/core/retention/all-kept-from";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...searchParameters,
  limit: wholeNumber(1, LIMITS.foundPatterns).default(25),
  offset: wholeNumber(0, LIMITS.statsGroups).default(0),
});

export const GET = apiRoute(
  { need: "read", summary: "The patterns of what a search finds.", query: querySchema, answer: foundPatternsSchema },
  async (request, runtime, asked) => {
    const { limit, offset, ...parameters } = asked.query;
    const { query, service, from, to } = await searchOf(runtime, parameters);
    const { signal } = request;
    const kept = await allKeptFrom(runtime);
    const found = await findPatterns(runtime, { query, service, from, to, allKeptFrom: kept, limit, offset, signal });
    return { data: found };
  },
);
