import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { pageParameters, servicesParameters, timeRangeParameter } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { listServices } from "@/core/stats/list-services";
import { serviceListSchema } from "@/core/stats/schemas";

const querySchema = z.strictObject({
  ...servicesParameters,
  timeRange: timeRangeParameter,
  ...pageParameters(LIMITS.listedServices, LIMITS.listPage),
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
