import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { AccessContext } from "@/core/access/context";
import { hashOf } from "@/core/access/keys/key-text";
import type { Invitation, InviteInput } from "@/core/access/schemas";
import { addMs } from "@/core/clock";
import { conflict } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { invitations, users } from "@/db/schema";
import { invitationOf } from "./invitation-of";

const TOKEN_BYTES = 24;

/**
 * Makes a link by which somebody makes an account, once. One who is invited again gets
 * another link, and the one before stops working.
 * @param invitedBy whom the invitation names
 * @throws Fault conflict when there is such an account
 */
export async function invite(
  { db, clock, publicUrl }: Pick<AccessContext, "db" | "clock" | "publicUrl">,
  { email, role }: InviteInput,
  invitedBy: string,
): Promise<Invitation & { link: string }> {
  const taken = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
  if (taken.length > 0) throw conflict(`${email} has an account already`);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const now = clock.now();
  const values = {
    id: randomUUID(),
    email,
    role,
    tokenHash: hashOf(token),
    invitedBy,
    createdAt: now,
    expiresAt: addMs(now, LIMITS.invitationMs),
  };
  const [row] = await db
    .insert(invitations)
    .values(values)
    .onConflictDoUpdate({ target: invitations.email, set: values })
    .returning();
  if (!row) throw new Error("the invitation was not stored");
  return { ...invitationOf(row), link: `${publicUrl}/join#${token}` };
}
