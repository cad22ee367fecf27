import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { join } from "@/core/access/invitations/join";
import { joinInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";

/** Makes the account that an invitation is for, and signs in. */
export const POST = apiRoute("nothing", async (request, runtime, { address }) => {
  await runtime.access.limits.takeSignIn(address);
  const input = await parseBody(request, joinInputSchema);
  const { userId: id, email } = await join(runtime, input);
  const { cookies } = await signIn(runtime, { email, password: input.password }, request.headers);
  const actor = { kind: "user" as const, id, name: email };
  return { status: 201, data: {}, cookies, audit: { action: "user.join", target: email, actor } };
});
