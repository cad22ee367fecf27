import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { join } from "@/core/access/invitations/join";
import { joinInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";

export const POST = apiRoute(
  {
    need: "nothing",
    guesses: true,
    summary: "Makes the account that an invitation is for, and signs in.",
    body: joinInputSchema,
    answer: z.object({}),
  },
  async (request, runtime, asked) => {
    const input = asked.body;
    const { email } = await audited(runtime, asked, async (inside) => {
      const { userId: id, email } = await join(inside, input);
      return { email, audit: { action: "user.join", target: email, actor: { kind: "user", id, name: email } } };
    });
    const { cookies } = await signIn(runtime, { email, password: input.password }, request.headers);
    return { status: 201, data: {}, cookies };
  },
);
