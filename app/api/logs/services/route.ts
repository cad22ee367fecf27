import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { servicesParameters, timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { listServices } from "@/core/stats/list-services";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...servicesParameters,
  timeRange: timeRangeParameter,
  limit: wholeNumber(1, LIMITS.listedServices).default(LIMITS.servicesPage),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
});

/** A page of the services with their counts, health and course. */
export const GET = apiRoute("read", async (request, runtime) => {
  const { timeRange: range, ...asked } = parseQuery(request, querySchema);
  return { data: await listServices(runtime, { range, ...asked }) };
});
