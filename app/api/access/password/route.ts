import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { passwordInputSchema } from "@/core/access/schemas";
import { changePassword } from "@/core/access/sessions/change-password";

/** Sets another password for oneself; every other session ends. */
export const PUT = apiRoute("account", async (request, runtime, { address }) => {
  await runtime.access.limits.takeSignIn(address);
  const cookies = await changePassword(runtime, await parseBody(request, passwordInputSchema), request.headers);
  return { data: {}, cookies, audit: { action: "password.change" } };
});
