import { plainRoute } from "@/app/api/api-route";
import { recordAudit } from "@/core/access/audit/record-audit";
import { finishOidc } from "@/core/access/sessions/sign-in-by-oidc";
import { notFound } from "@/core/errors";

export const GET = plainRoute(
  // Nothing can be guessed by it: the provider's answer belongs to what was begun, which counts.
  { need: "nothing", summary: "Where the OpenID provider sends the browser back to." },
  async (request, runtime, { address }) => {
    if (!runtime.config.oidc) throw notFound("this server has no OpenID provider");
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const { response, principal } = await finishOidc(runtime, query, request.headers);
    if (principal) await recordAudit(runtime, principal, address, { action: "session.sign_in" });
    return response;
  },
);
