import { and, desc, eq, gt } from "drizzle-orm";
import type { UserPrincipal } from "@/core/access/principal";
import type { OpenSession } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import type { Page, Paged } from "@/core/page";
import { sessions } from "@/db/schema";

/** Where somebody is signed in, newest first. */
export async function listSessions(
  { db, clock }: Context,
  user: UserPrincipal,
  { limit, offset }: Page,
): Promise<Paged<OpenSession>> {
  const open = and(eq(sessions.userId, user.id), gt(sessions.expiresAt, clock.now()));
  const rows = await db
    .select()
    .from(sessions)
    .where(open)
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(limit)
    .offset(offset);
  const data = rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    last_seen_at: row.updatedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    address: row.ipAddress,
    browser: row.userAgent,
    is_current: row.id === user.sessionId,
  }));
  return { total: await db.$count(sessions, open), data };
}
