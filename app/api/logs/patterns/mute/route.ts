import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { mutePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, muted: z.boolean("must be true or false") });

export const POST = apiRoute("edit", async (request, runtime) => {
  const { pattern, muted } = await parseBody(request, bodySchema);
  await mutePattern(runtime, pattern, muted);
  return {
    data: { pattern, muted },
    audit: { action: muted ? "pattern.mute" : "pattern.unmute", target: pattern },
  };
});
