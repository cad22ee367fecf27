import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { join } from "@/core/access/invitations/join";
import { joinInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";

/** Makes the account that an invitation is for, and signs in. */
export const POST = apiRoute("nothing", async (request, runtime, asked) => {
  await runtime.access.limits.takeSignIn(asked.address);
  const input = await parseBody(request, joinInputSchema);
  const { email } = await audited(runtime, asked, async (inside) => {
    const { userId: id, email } = await join(inside, input);
    return { email, audit: { action: "user.join", target: email, actor: { kind: "user", id, name: email } } };
  });
  const { cookies } = await signIn(runtime, { email, password: input.password }, request.headers);
  return { status: 201, data: {}, cookies };
});
