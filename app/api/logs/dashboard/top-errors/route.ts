import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { serviceParameter, timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.object({
  limit: wholeNumber(1, LIMITS.topErrors).default(10),
  timeRange: timeRangeParameter,
  service: serviceParameter.optional(),
});

export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, timeRange, service } = parseQuery(request, querySchema);
  return { data: await getTopErrors(runtime, { range: timeRange, limit, service }) };
});
