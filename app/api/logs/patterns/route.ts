import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { LIMITS } from "@/core/limits";
import { listPatterns } from "@/core/patterns/list-patterns";
import { PATTERN_ORDERS } from "@/core/patterns/schemas";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const LEVELS = ["warning", "error", "fatal"] as const;

const querySchema = z.strictObject({
  timeRange: timeRangeParameter,
  order: z.enum(PATTERN_ORDERS, `must be one of ${PATTERN_ORDERS.join(", ")}`).default("count"),
  level: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).default("error"),
  service: serviceNameSchema.optional(),
  muted: z.enum(["0", "1"], "must be 0 or 1").default("0"),
  limit: wholeNumber(1, LIMITS.listedPatterns).default(100),
});

export const GET = apiRoute("read", async (request, runtime) => {
  const { timeRange: range, muted, ...query } = parseQuery(request, querySchema);
  return { data: await listPatterns(runtime, { ...query, range, muted: muted === "1" }) };
});
