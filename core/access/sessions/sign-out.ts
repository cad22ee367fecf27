import { callAuth } from "@/core/access/call-auth";
import type { AccessContext } from "@/core/access/context";

/** Ends the session of a request. @returns Set-Cookie headers that forget it */
export async function signOut(
  { db, access }: Pick<AccessContext, "db" | "access">,
  headers: Headers,
): Promise<readonly string[]> {
  const answer = await callAuth(access.authOn(db).api.signOut({ headers, returnHeaders: true }));
  return answer.headers.getSetCookie();
}
