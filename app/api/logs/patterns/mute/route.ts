import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { mutePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, muted: z.boolean("must be true or false") });

export const POST = apiRoute("edit", async (request, runtime, asked) => {
  const { pattern, muted } = await parseBody(request, bodySchema);
  return audited(runtime, asked, async (inside) => {
    await mutePattern(inside, pattern, muted);
    return {
      data: { pattern, muted },
      audit: { action: muted ? "pattern.mute" : "pattern.unmute", target: pattern },
    };
  });
});
