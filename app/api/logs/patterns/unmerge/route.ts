import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { unmergePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId });

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Counts a pattern by itself again.",
    body: bodySchema,
    answer: z.object({ pattern: z.string() }),
  },
  async (_request, runtime, asked) => {
    const { pattern } = asked.body;
    return audited(runtime, asked, async (inside) => {
      await unmergePattern(inside, pattern);
      return { data: { pattern }, audit: { action: "pattern.unmerge", target: pattern } };
    });
  },
);
