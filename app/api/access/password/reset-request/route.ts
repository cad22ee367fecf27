import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { resetRequestSchema } from "@/core/access/schemas";
import { requestPasswordReset } from "@/core/access/sessions/reset-password";

/** Mails a link for a new password, if there is such an account, which the answer doesn't tell. */
export const POST = apiRoute("nothing", async (request, runtime, { address }) => {
  await runtime.access.limits.takeSignIn(address);
  await requestPasswordReset(runtime, (await parseBody(request, resetRequestSchema)).email);
  return { status: 202, data: {}, message: "if there is such an account, a link is on its way" };
});
