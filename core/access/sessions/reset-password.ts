import { eq } from "drizzle-orm";
import type { Audit } from "@/core/access/audit/actions";
import { callAuth } from "@/core/access/call-auth";
import type { AccessContext } from "@/core/access/context";
import { RESET_IDENTIFIER } from "@/core/access/users/create-reset-link";
import { invalidField, isFault, unavailable } from "@/core/errors";
import { users } from "@/db/schema";

/**
 * Mails a link that sets a new password, if there is such an account; the answer doesn't tell.
 * @throws Fault unavailable when this server can't send mail
 */
export async function requestPasswordReset(
  { access, mailer }: Pick<AccessContext, "access" | "mailer">,
  email: string,
): Promise<void> {
  if (!mailer) throw unavailable("this server sends no mail; ask an admin for a link that sets a new password");
  await callAuth(access.auth.api.requestPasswordReset({ body: { email } }));
}

/**
 * Sets a new password by a link, and ends every session.
 * @returns whose it was
 * @throws Fault invalid for a token that is used up or expired
 */
export async function resetPassword(
  { db, access }: Pick<AccessContext, "db" | "access">,
  { token, password }: { token: string; password: string },
): Promise<Audit["actor"]> {
  const auth = access.authOn(db);
  const { internalAdapter } = await auth.$context;
  const verification = await internalAdapter.findVerificationValue(`${RESET_IDENTIFIER}${token}`);
  try {
    await callAuth(auth.api.resetPassword({ body: { token, newPassword: password } }));
  } catch (error) {
    if (isFault(error)) throw invalidField("token", "is used up or expired: ask for another link");
    throw error;
  }
  if (!verification) return undefined;
  const [user] = await db.select().from(users).where(eq(users.id, verification.value));
  return user && { kind: "user", id: user.id, name: user.email };
}
