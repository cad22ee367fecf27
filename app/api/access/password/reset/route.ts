import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { resetInputSchema } from "@/core/access/schemas";
import { resetPassword } from "@/core/access/sessions/reset-password";

export const POST = apiRoute(
  {
    need: "nothing",
    guesses: true,
    summary: "Sets a new password by the link that was sent or handed over.",
    body: resetInputSchema,
    answer: z.object({}),
  },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const actor = await resetPassword(inside, input);
      return { data: {}, audit: { action: "password.reset", actor } };
    });
  },
);
