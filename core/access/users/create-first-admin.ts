import { sql } from "drizzle-orm";
import type { AccessContext } from "@/core/access/context";
import { lockExclusive } from "@/core/locks";
import { users } from "@/db/schema";
import { createUser } from "./create-user";

/**
 * Makes the first account, unless there is one. A lock lets only one of those who try at the same time.
 * @returns its id; null when somebody has one already
 */
export async function createFirstAdmin(
  { db, access }: Pick<AccessContext, "db" | "access">,
  { email, password, name = email.split("@", 1)[0] ?? email }: { email: string; password: string; name?: string },
): Promise<string | null> {
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["first account", 0]);
    const { rows } = await transaction.execute(sql`select from ${users} limit 1`);
    if (rows.length > 0) return null;
    return createUser(access.authOn(transaction), { name, email, password, role: "admin" });
  });
}
