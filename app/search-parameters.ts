import { type TimeRange, timeRangeSchema } from "@/core/stats/time-range";

export type SearchParameters = Promise<Record<string, string | string[] | undefined>>;

/** The range of the URL; what is no range is the last hour, as in the browser. */
export async function rangeOf(parameters: SearchParameters): Promise<TimeRange> {
  const parsed = timeRangeSchema.safeParse((await parameters).range);
  return parsed.success ? parsed.data : "1h";
}
