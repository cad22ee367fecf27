import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeParameter } from "@/app/api/parameters";
import { listViolations } from "@/core/alerts/list-violations";
import { violationSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceNameSchema.optional(),
  level: z.enum(["error", "warning"], "must be error or warning").optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  limit: wholeNumber(1, LIMITS.listedAlerts).default(100),
});

export const GET = apiRoute(
  {
    need: "read alerts",
    summary: "Minutes in which a threshold was crossed, newest first.",
    query: querySchema,
    answer: z.array(violationSchema),
  },
  async (_request, runtime, { query }) => ({
    data: await listViolations(runtime, query),
  }),
);
