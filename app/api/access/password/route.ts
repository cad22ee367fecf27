import { apiRoute } from "@/app/api/api-route";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { passwordInputSchema } from "@/core/access/schemas";
import { changePassword } from "@/core/access/sessions/change-password";

/** Sets another password for oneself; every other session ends. */
export const PUT = apiRoute("account", async (request, runtime, asked) => {
  await runtime.access.limits.takeSignIn(asked.address);
  const input = await parseBody(request, passwordInputSchema);
  return audited(runtime, asked, async (inside) => {
    const cookies = await changePassword(inside, input, request.headers);
    return { data: {}, cookies, audit: { action: "password.change" } };
  });
});
