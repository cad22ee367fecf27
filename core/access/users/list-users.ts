import { asc, eq, inArray, max } from "drizzle-orm";
import { ROLES, type Role } from "@/core/access/roles";
import type { User } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { sessions, users } from "@/db/schema";

/** Those with one of these roles, by name: up to LIMITS.listedUsers, and one more where there are more. */
export async function listUsers({ db }: Pick<Context, "db">, roles: readonly Role[] = ROLES): Promise<User[]> {
  const rows = await db
    .select({ user: users, lastSeenAt: max(sessions.updatedAt) })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .where(inArray(users.role, roles))
    .groupBy(users.id)
    .orderBy(asc(users.name), asc(users.email))
    .limit(LIMITS.listedUsers + 1);
  return rows.map(({ user, lastSeenAt }) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    created_at: user.createdAt.toISOString(),
    last_seen_at: lastSeenAt?.toISOString() ?? null,
  }));
}
