import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { serviceNameSchema } from "@/core/service-name";
import { getServiceStats } from "@/core/stats/get-service-stats";

const querySchema = z.object({ service: serviceNameSchema, timeRange: timeRangeParameter });

export const GET = apiRoute("read", async (request, runtime) => {
  const { service, timeRange } = parseQuery(request, querySchema);
  return { data: await getServiceStats(runtime, service, timeRange) };
});
