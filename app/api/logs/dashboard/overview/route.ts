import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { getOverview } from "@/core/stats/get-overview";
import { overviewSchema } from "@/core/stats/schemas";

const querySchema = z.object({ timeRange: timeRangeParameter });

export const GET = apiRoute(
  {
    need: "read",
    summary: "What the page Overview shows of all services together.",
    query: querySchema,
    answer: overviewSchema,
  },
  async (_request, runtime, { query }) => ({
    data: await getOverview(runtime, query.timeRange),
  }),
);
