import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { recordAudit } from "@/core/access/audit/record-audit";
import { signInInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";
import { isFault } from "@/core/errors";

export const POST = apiRoute(
  {
    need: "nothing",
    guesses: true,
    summary: "Signs in; the answer sets the session's cookie.",
    body: signInInputSchema,
    answer: z.object({}),
  },
  async (request, runtime, { address, body: input }) => {
    try {
      const { userId, cookies } = await signIn(runtime, input, request.headers);
      // A session that is not written down is never handed out.
      const actor = { kind: "user" as const, id: userId, name: input.email };
      await recordAudit(runtime, null, address, { action: "session.sign_in", actor });
      return { data: {}, cookies };
    } catch (error) {
      if (isFault(error) && error.kind === "unauthorised") {
        await recordAudit(runtime, null, address, { action: "session.sign_in_failed", target: input.email });
      }
      throw error;
    }
  },
);
