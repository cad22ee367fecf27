import { asc, gt } from "drizzle-orm";
import type { Invitation } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { invitations } from "@/db/schema";
import { invitationOf } from "./invitation-of";

/** Those that still work. */
export async function listInvitations({ db, clock }: Context): Promise<Invitation[]> {
  const open = gt(invitations.expiresAt, clock.now());
  const rows = await db.select().from(invitations).where(open).orderBy(asc(invitations.createdAt));
  return rows.map(invitationOf);
}
