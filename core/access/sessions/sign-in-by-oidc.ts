import { OIDC_PROVIDER } from "@/core/access/auth";
import { callAuth } from "@/core/access/call-auth";
import type { AccessContext } from "@/core/access/context";
import { identify } from "@/core/access/identify";
import type { Principal } from "@/core/access/principal";

/**
 * Begins to sign in at the OpenID provider.
 * @param next the path to go on to
 * @returns where the browser goes, and the cookie that must come back with the answer
 * @throws Fault not_found when there is no provider
 */
export async function startOidc(
  { access, publicUrl }: Pick<AccessContext, "access" | "publicUrl">,
  next: string,
  headers: Headers,
): Promise<{ url: string; cookies: readonly string[] }> {
  const body = {
    provider: OIDC_PROVIDER,
    callbackURL: `${publicUrl}${next}`,
    errorCallbackURL: `${publicUrl}/sign-in`,
    disableRedirect: true,
  };
  const answer = await callAuth(access.oidcAuth.api.signInSocial({ body, headers, returnHeaders: true }));
  return { url: answer.response.url ?? "", cookies: answer.headers.getSetCookie() };
}

/** What the provider sends back: opens a session, or leads to the page that says why not. */
export async function finishOidc(
  { access }: Pick<AccessContext, "access">,
  query: Readonly<Record<string, string>>,
  headers: Headers,
): Promise<{ response: Response; principal: Principal | null }> {
  const response = await access.oidcAuth.api.callbackOAuth({
    method: "GET",
    params: { id: OIDC_PROVIDER },
    query,
    headers,
    asResponse: true,
  });
  const cookie = response.headers
    .getSetCookie()
    .map((text) => text.split(";", 1)[0])
    .join("; ");
  const { principal } = await identify(access, new Headers({ cookie }));
  return { response, principal: principal?.kind === "user" ? principal : null };
}
