import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { listViolations } from "@/core/alerts/list-violations";
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

export const GET = apiRoute("read alerts", async (request, runtime) => ({
  data: await listViolations(runtime, parseQuery(request, querySchema)),
}));
