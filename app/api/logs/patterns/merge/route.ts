import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { mergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, into: patternId });

export const POST = apiRoute("edit", async (request, runtime) => {
  const { pattern, into } = await parseBody(request, bodySchema);
  await mergePattern(runtime, pattern, into);
  return { data: { pattern, into }, audit: { action: "pattern.merge", target: pattern, detail: { into } } };
});
