import { eq, sql } from "drizzle-orm";
import type { Role } from "@/core/access/roles";
import type { Database } from "@/db/client";
import { invitations } from "@/db/schema";

/**
 * What somebody becomes who signs in by OpenID Connect for the first time: what an invitation says, which is used up by
 * that, else the default; null turns them away.
 */
export async function roleOfStranger(db: Database, email: string, defaultRole: Role | null): Promise<Role | null> {
  const [invitation] = await db
    .delete(invitations)
    .where(eq(invitations.email, email.toLowerCase()))
    .returning({ role: invitations.role, isOpen: sql<boolean>`${invitations.expiresAt} > now()` });
  return invitation?.isOpen ? invitation.role : defaultRole;
}
