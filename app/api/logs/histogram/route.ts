import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { searchOf, searchParameters } from "@/app/api/search-request";
import { allKeptFrom } from "@/core/retention/all-kept-from";
import { getHistogram } from "@/core/search/get-histogram";
import { histogramSchema } from "@/core/search/schemas";

const querySchema = z.strictObject(searchParameters);

export const GET = apiRoute(
  {
    need: "read",
    summary: "Counts by level over time of what a search finds.",
    query: querySchema,
    answer: histogramSchema,
  },
  async (request, runtime, { query }) => {
    const search = await searchOf(runtime, query);
    const kept = await allKeptFrom(runtime);
    return { data: await getHistogram(runtime, { ...search, allKeptFrom: kept, signal: request.signal }) };
  },
);
