import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternsParameters, patternsQueryOf } from "@/app/api/patterns-parameters";
import { listPatterns } from "@/core/patterns/list-patterns";
import { patternSummarySchema } from "@/core/patterns/schemas";

export const GET = apiRoute(
  {
    need: "read",
    summary: "Patterns of warnings and errors, the most frequent or the newest first.",
    query: z.strictObject(patternsParameters),
    answer: z.array(patternSummarySchema),
  },
  async (_request, runtime, { query }) => ({
    data: await listPatterns(runtime, patternsQueryOf(query)),
  }),
);
