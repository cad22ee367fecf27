import type { Invitation } from "@/core/access/schemas";
import type { invitations } from "@/db/schema";

/** A row as it is shown: everything but the token. */
export const invitationOf = (row: typeof invitations.$inferSelect): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role,
  invited_by: row.invitedBy,
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt.toISOString(),
});
