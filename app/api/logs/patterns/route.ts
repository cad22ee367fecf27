import { z } from "zod";
import { listRoute } from "@/app/api/api-route";
import { patternsParameters, patternsQueryOf } from "@/app/api/patterns-parameters";
import { listPatterns } from "@/core/patterns/list-patterns";
import { patternSummarySchema } from "@/core/patterns/schemas";

export const GET = listRoute(
  {
    need: "read",
    summary: "Patterns of warnings and errors, the most frequent or the newest first.",
    query: z.strictObject(patternsParameters),
    answer: z.array(patternSummarySchema),
  },
  (_request, runtime, { query }) => listPatterns(runtime, patternsQueryOf(query)),
);
