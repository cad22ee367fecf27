import { z } from "zod";
import { entryBodySchema } from "@/app/api/entry-body";
import { ingestParametersSchema } from "@/app/api/ingest-parameters";
import { doorRoute } from "@/app/door/door-route";
import { ingestAnswerSchema } from "@/core/ingest/idempotency";
import { LIMITS } from "@/core/limits";

export const POST = doorRoute("POST", "/api/logs/batch", {
  summary: "Takes entries of one service.",
  query: ingestParametersSchema,
  body: z.object({
    project_slug: z.string().optional(),
    logs: z.array(entryBodySchema).max(LIMITS.batchEntries),
  }),
  answer: ingestAnswerSchema.extend({ message: z.string() }),
});
