import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import type { PatternsQuery } from "@/core/patterns/list-patterns";
import { PATTERN_ORDERS } from "@/core/patterns/schemas";
import { serviceNameSchema } from "@/core/service-name";
import { searchedPageParameters, timeRangeParameter } from "./parameters";

const LEVELS = ["warning", "error", "fatal"] as const;

/** Which patterns are wanted: of their list, and of the stream that keeps it up to date. */
export const patternsParameters = {
  timeRange: timeRangeParameter,
  order: oneOf(PATTERN_ORDERS).default("count"),
  level: oneOf(LEVELS).default("error"),
  service: serviceNameSchema.optional(),
  muted: z.enum(["0", "1"], "must be 0 or 1").default("0"),
  ...searchedPageParameters(LIMITS.listedPatterns, 100),
};

const parametersSchema = z.strictObject(patternsParameters);

export const patternsQueryOf = ({ timeRange, muted, ...query }: z.infer<typeof parametersSchema>): PatternsQuery => ({
  ...query,
  range: timeRange,
  muted: muted === "1",
});
