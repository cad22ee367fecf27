import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { serviceNameSchema } from "@/core/service-name";
import { getServiceStats } from "@/core/stats/get-service-stats";
import { logStatsSchema } from "@/core/stats/schemas";

const querySchema = z.object({ service: serviceNameSchema, timeRange: timeRangeParameter });

export const GET = apiRoute(
  { need: "read", summary: "Counts of a service.", query: querySchema, answer: logStatsSchema },
  async (_request, runtime, { query }) => {
    const { service, timeRange } = query;
    return { data: await getServiceStats(runtime, service, timeRange) };
  },
);
