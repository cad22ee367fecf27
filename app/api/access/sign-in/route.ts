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
});
