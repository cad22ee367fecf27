import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { getTopErrors } from "@/core/stats/get-top-errors";
import { topErrorSchema } from "@/core/stats/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.object({
  limit: wholeNumber(1, LIMITS.topErrors).default(10),
  timeRange: timeRangeParameter,
  service: serviceNameSchema.optional(),
});

export const GET = apiRoute(
  {
    need: "read",
    summary: "The most frequent patterns of errors.",
    query: querySchema,
    answer: z.array(topErrorSchema),
  },
  async (_request, runtime, { query }) => {
    const { limit, timeRange, service } = query;
    return { data: await getTopErrors(runtime, { range: timeRange, limit, service }) };
  },
);
