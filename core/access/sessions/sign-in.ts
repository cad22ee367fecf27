import { callAuth } from "@/core/access/call-auth";
import type { AccessContext } from "@/core/access/context";
import type { SignInInput } from "@/core/access/schemas";

export type SignedIn = { userId: string; name: string; cookies: readonly string[] };

/**
 * Opens a session: always a new one, whatever cookie the request brings.
 * @param headers of the request, for the session's address and browser
 * @throws Fault unauthorised, the same for an unknown address as for a wrong password, and in the same time
 */
export async function signIn(
  { access }: Pick<AccessContext, "access">,
  body: SignInInput,
  headers: Headers,
): Promise<SignedIn> {
  const answer = await callAuth(access.auth.api.signInEmail({ body, headers, returnHeaders: true }));
  const { user } = answer.response;
  return { userId: user.id, name: user.name, cookies: answer.headers.getSetCookie() };
}
