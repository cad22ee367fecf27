import { callAuth } from "@/core/access/call-auth";
import type { AccessContext } from "@/core/access/context";
import { invalidField, isFault } from "@/core/errors";

/**
 * Sets another password and ends all other sessions; this one goes on under a new token.
 * @returns Set-Cookie headers
 * @throws Fault invalid when the current password is wrong
 */
export async function changePassword(
  { db, access }: Pick<AccessContext, "db" | "access">,
  { current, password }: { current: string; password: string },
  headers: Headers,
): Promise<readonly string[]> {
  const body = { currentPassword: current, newPassword: password, revokeOtherSessions: true };
  try {
    const answer = await callAuth(access.authOn(db).api.changePassword({ body, headers, returnHeaders: true }));
    return answer.headers.getSetCookie();
  } catch (error) {
    if (isFault(error) && error.kind === "invalid") throw invalidField("current", "is not your password");
    throw error;
  }
}
