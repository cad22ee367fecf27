import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { unmergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId });

export const POST = apiRoute("edit", async (request, runtime) => {
  const { pattern } = await parseBody(request, bodySchema);
  await unmergePattern(runtime, pattern);
  return { data: { pattern }, audit: { action: "pattern.unmerge", target: pattern } };
});
