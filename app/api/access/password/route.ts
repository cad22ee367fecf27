import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { passwordInputSchema } from "@/core/access/schemas";
import { changePassword } from "@/core/access/sessions/change-password";

export const PUT = apiRoute(
  {
    need: "account",
    guesses: true,
    summary: "Changes one's own password.",
    body: passwordInputSchema,
    answer: z.object({}),
  },
  async (request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const cookies = await changePassword(inside, input, request.headers);
      return { data: {}, cookies, audit: { action: "password.change" } };
    });
  },
);
