import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { recordAudit } from "@/core/access/audit/record-audit";
import { signInInputSchema } from "@/core/access/schemas";
import { signIn } from "@/core/access/sessions/sign-in";
import { isFault } from "@/core/errors";

export const POST = apiRoute("nothing", async (request, runtime, { address }) => {
  await runtime.access.limits.takeSignIn(address);
  const input = await parseBody(request, signInInputSchema);
  try {
    const { userId, cookies } = await signIn(runtime, input, request.headers);
    const actor = { kind: "user" as const, id: userId, name: input.email };
    return { data: {}, cookies, audit: { action: "session.sign_in", actor } };
  } catch (error) {
    if (isFault(error) && error.kind === "unauthorised") {
      await recordAudit(runtime, null, address, { action: "session.sign_in_failed", target: input.email });
    }
    throw error;
  }
});
