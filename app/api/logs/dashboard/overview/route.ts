import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { getOverview } from "@/core/stats/get-overview";

const querySchema = z.object({ timeRange: timeRangeParameter });

export const GET = apiRoute("read", async (request, runtime) => ({
  data: await getOverview(runtime, parseQuery(request, querySchema).timeRange),
}));
