import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { unmergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId });

export const POST = apiRoute("edit", async (request, runtime, asked) => {
  const { pattern } = await parseBody(request, bodySchema);
  return audited(runtime, asked, async (inside) => {
    await unmergePattern(inside, pattern);
    return { data: { pattern }, audit: { action: "pattern.unmerge", target: pattern } };
  });
});
