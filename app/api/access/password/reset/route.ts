import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { resetInputSchema } from "@/core/access/schemas";
import { resetPassword } from "@/core/access/sessions/reset-password";

/** Sets a new password by a link. */
export const POST = apiRoute("nothing", async (request, runtime, { address }) => {
  await runtime.access.limits.takeSignIn(address);
  const actor = await resetPassword(runtime, await parseBody(request, resetInputSchema));
  return { data: {}, audit: { action: "password.reset", actor } };
});
