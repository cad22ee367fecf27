import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId, timeRangeParameter } from "@/app/api/parameters";
import { notFound } from "@/core/errors";
import { getPattern } from "@/core/patterns/get-pattern";
import { patternDetailSchema } from "@/core/patterns/schemas";

const querySchema = z.strictObject({ timeRange: timeRangeParameter });

export const GET = apiRoute(
  {
    need: "read",
    summary: "One pattern: its course, its services and samples.",
    path: z.object({ id: z.string() }),
    query: querySchema,
    answer: patternDetailSchema,
  },
  async (_request, runtime, { path: { id }, query }) => {
    const { timeRange } = query;
    const pattern = patternId.safeParse(id);
    if (!pattern.success) throw notFound(`there is no pattern ${id.slice(0, 50)}`);
    return { data: await getPattern(runtime, pattern.data, timeRange) };
  },
);
