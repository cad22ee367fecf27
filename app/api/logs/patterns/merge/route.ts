import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { mergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, into: patternId });

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Counts a pattern as another.",
    body: bodySchema,
    answer: z.object({ pattern: z.string(), into: z.string() }),
  },
  async (_request, runtime, asked) => {
    const { pattern, into } = asked.body;
    return audited(runtime, asked, async (inside) => {
      await mergePattern(inside, pattern, into);
      return { data: { pattern, into }, audit: { action: "pattern.merge", target: pattern, detail: { into } } };
    });
  },
);
