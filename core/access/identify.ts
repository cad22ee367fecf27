import { z } from "zod";
import type { Access } from "./access";
import { callAuth } from "./call-auth";
import type { HeaderReader } from "./header-reader";
import { keyOf } from "./keys/key-of";
import { isNoKey } from "./keys/no-key";
import type { Principal, UserPrincipal } from "./principal";
import { ROLES } from "./roles";
import { SERVER_HEADERS } from "./server-headers";

export type Identity = {
  /** Null: nobody that is known. */
  principal: Principal | null;
  /** Set-Cookie headers that prolong a session. */
  cookies: readonly string[];
};

const sessionSchema = z.object({
  session: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(ROLES) }),
});

const NOBODY: Identity = { principal: null, cookies: [] };
const LOCAL: Identity = { principal: { kind: "local" }, cookies: [] };

/**
 * Who sends a request. The server has refused already what local mode must not let in (bin/server/protect.ts).
 * @param keyInUrl of the protocols whose senders put it there; one in a header counts before it
 * @throws Fault unauthorised for an API key that does not hold, which is counted; too_busy when too many of those came from its address
 */
export async function identify(
  access: Access,
  headers: HeaderReader,
  keyInUrl: string | null = null,
): Promise<Identity> {
  const key = keyOf(headers) ?? keyInUrl;
  if (key !== null && !isNoKey(key)) {
    return { principal: await access.keys.principalOf(key, headers.get(SERVER_HEADERS.address) ?? ""), cookies: [] };
  }
  const cookie = headers.get("cookie");
  if (cookie?.includes("cordwood.session_token=")) {
    const identity = await ofSession(access, new Headers({ cookie }));
    if (identity) return identity;
  }
  return (await access.mode()) === "local" ? LOCAL : NOBODY;
}

async function ofSession({ auth }: Access, headers: Headers): Promise<Identity | null> {
  const answer = await callAuth(auth.api.getSession({ headers, returnHeaders: true }));
  if (!answer.response) return null;
  const { session, user } = sessionSchema.parse(answer.response);
  const principal: UserPrincipal = { kind: "user", ...user, sessionId: session.id };
  return { principal, cookies: answer.headers.getSetCookie() };
}
