import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { serviceParameter, timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { getTrend } from "@/core/stats/get-trend";

const querySchema = z.object({ service: serviceParameter.optional(), timeRange: timeRangeParameter });

export const GET = apiRoute("read", async (request, runtime) => {
  const { service, timeRange } = parseQuery(request, querySchema);
  return { data: await getTrend(runtime, service ?? null, timeRange) };
});
