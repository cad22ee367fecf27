import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { serviceNameSchema } from "@/core/service-name";
import { getTrend } from "@/core/stats/get-trend";
import { trendSchema } from "@/core/stats/schemas";

const querySchema = z.object({ service: serviceNameSchema.optional(), timeRange: timeRangeParameter });

export const GET = apiRoute(
  {
    need: "read",
    summary: "Counts by level over time, of one service or of all.",
    query: querySchema,
    answer: trendSchema,
  },
  async (_request, runtime, { query }) => {
    const { service, timeRange } = query;
    return { data: await getTrend(runtime, service ?? null, timeRange) };
  },
);
