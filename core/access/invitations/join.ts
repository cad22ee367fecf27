import { and, eq, gt } from "drizzle-orm";
import type { AccessContext } from "@/core/access/context";
import { hashOf } from "@/core/access/keys/key-text";
import type { JoinInput } from "@/core/access/schemas";
import { createUser } from "@/core/access/users/create-user";
import { invalidField } from "@/core/errors";
import { invitations } from "@/db/schema";

/**
 * Makes the account that an invitation is for. The invitation is used up first, so that its link makes one account only, and
 * stays when the account can't be made.
 * @returns the account's e-mail address
 * @throws Fault invalid for a token that is used up, withdrawn or expired
 */
export async function join(
  { db, clock, access }: Pick<AccessContext, "db" | "clock" | "access">,
  { token, name, password }: JoinInput,
): Promise<{ userId: string; email: string }> {
  return db.transaction(async (transaction) => {
    const [invitation] = await transaction
      .delete(invitations)
      .where(and(eq(invitations.tokenHash, hashOf(token)), gt(invitations.expiresAt, clock.now())))
      .returning();
    if (!invitation) throw invalidField("token", "is used up or expired: ask for another invitation");
    const { email, role } = invitation;
    const userId = await createUser(access.authOn(transaction), { name, email, password, role });
    return { userId, email };
  });
}
