import { and, eq, ne } from "drizzle-orm";
import type { Executor } from "@/core/context";
import { conflict, notFound } from "@/core/errors";
import { lockExclusive } from "@/core/locks";
import type { Database } from "@/db/client";
import { users } from "@/db/schema";

export type UserRow = typeof users.$inferSelect;

/** @throws Fault not_found */
export async function requireUser(db: Pick<Database, "select">, id: string): Promise<UserRow> {
  const [user] = await db.select().from(users).where(eq(users.id, id));
  if (!user) throw notFound("there is no such user");
  return user;
}

/**
 * For changes that take an admin away: one must stay. Holds a lock until the transaction ends, so that two who remove each
 * other don't both succeed.
 * @throws Fault conflict
 */
export async function requireOtherAdmin(transaction: Executor & Pick<Database, "select">, id: string): Promise<void> {
  await lockExclusive(transaction, ["last admin", 0]);
  const others = await transaction
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "admin"), ne(users.id, id)))
    .limit(1);
  if (others.length === 0) throw conflict("this is the last admin; make somebody else one first");
}
