import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { setUpInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";
import { createFirstAdmin } from "@/core/access/users/create-first-admin";
import { conflict, forbidden } from "@/core/errors";

export const POST = apiRoute(
  {
    need: "always",
    guesses: true,
    summary:
      "Makes the first account, an admin's, and signs in. A locked server asks for the token of the link that it printed.",
    body: setUpInputSchema,
    answer: z.object({}),
  },
  async (request, runtime, asked) => {
    const { token, ...account } = asked.body;
    const mode = await runtime.access.mode();
    if (mode === "accounts") throw conflict("there is an account already: sign in");
    if (mode === "locked" && !runtime.access.isSetUpToken(token)) {
      throw forbidden("this is not the link that the server printed at its last start");
    }
    await audited(runtime, asked, async (inside) => {
      const id = await createFirstAdmin(inside, account);
      if (id === null) throw conflict("somebody made the first account a moment ago: sign in");
      const actor = { kind: "user" as const, id, name: account.email };
      return { audit: { action: "account.set_up", target: account.email, actor } };
    });
    runtime.access.noteAccount();
    const { cookies } = await signIn(runtime, account, request.headers);
    return { status: 201, data: {}, cookies };
  },
);
