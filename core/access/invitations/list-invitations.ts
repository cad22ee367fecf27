import { and, asc, gt } from "drizzle-orm";
import type { Invitation } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { invitations } from "@/db/schema";
import { invitationOf } from "./invitation-of";

/** Those that still work, the oldest first; searched by e-mail address and by who invites. */
export async function listInvitations(
  { db, clock }: Context,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<Invitation>> {
  const matching = and(
    gt(invitations.expiresAt, clock.now()),
    hasInName(search, invitations.email, invitations.invitedBy),
  );
  const rows = await db
    .select()
    .from(invitations)
    .where(matching)
    .orderBy(asc(invitations.createdAt), asc(invitations.id))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(invitations, matching), data: rows.map(invitationOf) };
}
