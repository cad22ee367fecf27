import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { resetRequestSchema } from "@/core/access/schemas";
import { requestPasswordReset } from "@/core/access/sessions/reset-password";

export const POST = apiRoute(
  {
    need: "nothing",
    guesses: true,
    summary: "Mails a link by which a password is set anew, where there is such an account.",
    body: resetRequestSchema,
    answer: z.object({}),
  },
  async (_request, runtime, { body }) => {
    await requestPasswordReset(runtime, body.email);
    return { status: 202, data: {}, message: "if there is such an account, a link is on its way" };
  },
);
