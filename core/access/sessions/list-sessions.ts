import { and, desc, eq, gt } from "drizzle-orm";
import type { UserPrincipal } from "@/core/access/principal";
import type { OpenSession } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { sessions } from "@/db/schema";

/** Where somebody is signed in, newest first: up to LIMITS.listedSessions, and one more where there are more. */
export async function listSessions({ db, clock }: Context, user: UserPrincipal): Promise<OpenSession[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, user.id), gt(sessions.expiresAt, clock.now())))
    .orderBy(desc(sessions.createdAt))
    .limit(LIMITS.listedSessions + 1);
  return rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    last_seen_at: row.updatedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    address: row.ipAddress,
    browser: row.userAgent,
    is_current: row.id === user.sessionId,
  }));
}
