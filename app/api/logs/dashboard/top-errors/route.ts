import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.object({
  limit: wholeNumber(1, LIMITS.topErrors).default(10),
  timeRange: timeRangeParameter,
  service: serviceNameSchema.optional(),
});

export const GET = apiRoute("read", async (request, runtime) => {
  const { limit, timeRange, service } = parseQuery(request, querySchema);
  return { data: await getTopErrors(runtime, { range: timeRange, limit, service }) };
});
