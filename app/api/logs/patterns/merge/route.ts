import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { mergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, into: patternId });

export const POST = apiRoute("edit", async (request, runtime, asked) => {
  const { pattern, into } = await parseBody(request, bodySchema);
  return audited(runtime, asked, async (inside) => {
    await mergePattern(inside, pattern, into);
    return { data: { pattern, into }, audit: { action: "pattern.merge", target: pattern, detail: { into } } };
  });
});
