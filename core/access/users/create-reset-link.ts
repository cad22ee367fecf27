import { randomBytes } from "node:crypto";
import type { AccessContext } from "@/core/access/context";
import { addMs } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { requireUser, type UserRow } from "./require-user";
import { resetLink } from "./send-reset-mail";

/** better-auth's name for what such a link brings back. */
export const RESET_IDENTIFIER = "reset-password:";
const TOKEN_BYTES = 24;

/** A link that sets a new password, for an admin to hand over where no mail is sent. @throws Fault not_found */
export async function createResetLink(
  { db, clock, access, publicUrl }: AccessContext,
  id: string,
): Promise<{ user: UserRow; link: string }> {
  const user = await requireUser(db, id);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const { internalAdapter } = await access.authOn(db).$context;
  await internalAdapter.createVerificationValue({
    value: user.id,
    identifier: `${RESET_IDENTIFIER}${token}`,
    expiresAt: addMs(clock.now(), LIMITS.resetMs),
  });
  return { user, link: resetLink(publicUrl, token) };
}
