import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { resetInputSchema } from "@/core/access/schemas";
import { resetPassword } from "@/core/access/sessions/reset-password";

/** Sets a new password by a link. */
export const POST = apiRoute("nothing", async (request, runtime, asked) => {
  await runtime.access.limits.takeSignIn(asked.address);
  const input = await parseBody(request, resetInputSchema);
  return audited(runtime, asked, async (inside) => {
    const actor = await resetPassword(inside, input);
    return { data: {}, audit: { action: "password.reset", actor } };
  });
});
