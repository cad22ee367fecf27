import { asc, eq, max } from "drizzle-orm";
import type { User } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { sessions, users } from "@/db/schema";

/** All of them, by name. */
export async function listUsers({ db }: Pick<Context, "db">): Promise<User[]> {
  const rows = await db
    .select({ user: users, lastSeenAt: max(sessions.updatedAt) })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .groupBy(users.id)
    .orderBy(asc(users.name), asc(users.email));
  return rows.map(({ user, lastSeenAt }) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    created_at: user.createdAt.toISOString(),
    last_seen_at: lastSeenAt?.toISOString() ?? null,
  }));
}
