import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { previewConfig } from "@/core/alerts/preview";
import { PREVIEW_RANGES, previewSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceNameSchema,
  error_threshold_per_min: wholeNumber(1, LIMITS.alertThreshold),
  warning_threshold_per_min: wholeNumber(1, LIMITS.alertThreshold),
  pattern_threshold_per_min: wholeNumber(1, LIMITS.alertThreshold).optional(),
  resolve_after_minutes: wholeNumber(1, 1_440).default(5),
  range: oneOf(PREVIEW_RANGES).default("24h"),
});

export const GET = apiRoute(
  {
    need: "read alerts",
    summary: "What thresholds would have done to the counts of a service.",
    query: querySchema,
    answer: previewSchema,
  },
  async (_request, runtime, { query }) => {
    return {
      data: await previewConfig(runtime, {
        service: query.service,
        range: query.range,
        errorThreshold: query.error_threshold_per_min,
        warningThreshold: query.warning_threshold_per_min,
        patternThreshold: query.pattern_threshold_per_min ?? null,
        resolveAfterMinutes: query.resolve_after_minutes,
      }),
    };
  },
);
