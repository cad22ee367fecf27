import { z } from "zod";
import { listRoute } from "@/app/api/api-route";
import { pageParameters, timeParameter } from "@/app/api/parameters";
import { pageOfViolations } from "@/core/alerts/list-violations";
import { violationSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";

const querySchema = z.strictObject({
  service: serviceNameSchema.optional(),
  level: z.enum(["error", "warning"], "must be error or warning").optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  ...pageParameters(LIMITS.listedAlerts, 100),
});

export const GET = listRoute(
  {
    need: "read alerts",
    summary: "Minutes in which a threshold was crossed, newest first.",
    query: querySchema,
    answer: z.array(violationSchema),
  },
  (_request, runtime, { query: { limit, offset, ...filter } }) => pageOfViolations(runtime, filter, { limit, offset }),
);
