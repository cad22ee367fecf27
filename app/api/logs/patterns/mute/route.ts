import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { patternId } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { mutePattern } from "@/core/patterns/change-patterns";

const bodySchema = z.strictObject({ pattern: patternId, muted: z.boolean("must be true or false") });

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Leaves a pattern out of alerts and lists, or takes it back.",
    body: bodySchema,
    answer: z.object({ pattern: z.string(), muted: z.boolean() }),
  },
  async (_request, runtime, asked) => {
    const { pattern, muted } = asked.body;
    return audited(runtime, asked, async (inside) => {
      await mutePattern(inside, pattern, muted);
      return {
        data: { pattern, muted },
        audit: { action: muted ? "pattern.mute" : "pattern.unmute", target: pattern },
      };
    });
  },
);
