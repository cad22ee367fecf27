import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId, timeRangeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { notFound } from "@/core/errors";
import { getPattern } from "@/core/patterns/get-pattern";

const querySchema = z.strictObject({ timeRange: timeRangeParameter });

export const GET = apiRoute<{ id: string }>("read", async (request, runtime, { params: { id } }) => {
  const { timeRange } = parseQuery(request, querySchema);
  const pattern = patternId.safeParse(id);
  if (!pattern.success) throw notFound(`there is no pattern ${id.slice(0, 50)}`);
  return { data: await getPattern(runtime, pattern.data, timeRange) };
});
