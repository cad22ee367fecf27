import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { servicesParameters, timeRangeParameter } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { listServices } from "@/core/stats/list-services";
import { serviceListSchema } from "@/core/stats/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  ...servicesParameters,
  timeRange: timeRangeParameter,
  limit: wholeNumber(1, LIMITS.listedServices).default(LIMITS.servicesPage),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
});

export const GET = apiRoute(
  {
    need: "read",
    summary: "A page of the services with their counts, health and course.",
    query: querySchema,
    answer: serviceListSchema,
  },
  async (_request, runtime, { query }) => {
    const { timeRange: range, ...asked } = query;
    return { data: await listServices(runtime, { range, ...asked }) };
  },
);
