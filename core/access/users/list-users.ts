import { asc, eq, max } from "drizzle-orm";
import type { User } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { sessions, users } from "@/db/schema";

/** By name, and searched by name and e-mail address. */
export async function listUsers(
  { db }: Pick<Context, "db">,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<User>> {
  const matching = hasInName(search, users.name, users.email);
  const rows = await db
    .select({ user: users, lastSeenAt: max(sessions.updatedAt) })
    .from(users)
    .leftJoin(sessions, eq(sessions.userId, users.id))
    .where(matching)
    .groupBy(users.id)
    .orderBy(asc(users.name), asc(users.email))
    .limit(limit)
    .offset(offset);
  const data = rows.map(({ user, lastSeenAt }) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    created_at: user.createdAt.toISOString(),
    last_seen_at: lastSeenAt?.toISOString() ?? null,
  }));
  return { total: await db.$count(users, matching), data };
}
