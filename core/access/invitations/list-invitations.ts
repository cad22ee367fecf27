import { asc, gt } from "drizzle-orm";
import type { Invitation } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { invitations } from "@/db/schema";
import { invitationOf } from "./invitation-of";

/** Those that still work, the oldest first: up to LIMITS.listedInvitations, and one more where there are more. */
export async function listInvitations({ db, clock }: Context): Promise<Invitation[]> {
  const open = gt(invitations.expiresAt, clock.now());
  const rows = await db
    .select()
    .from(invitations)
    .where(open)
    .orderBy(asc(invitations.createdAt))
    .limit(LIMITS.listedInvitations + 1);
  return rows.map(invitationOf);
}
