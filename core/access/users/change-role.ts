import { eq } from "drizzle-orm";
import type { Role } from "@/core/access/roles";
import type { Context } from "@/core/context";
import { users } from "@/db/schema";
import { requireOtherAdmin, requireUser, type UserRow } from "./require-user";

/** Holds from the user's next request on. @returns the user as before. @throws Fault not_found, or conflict for the last admin */
export async function changeRole({ db, clock }: Context, id: string, role: Role): Promise<UserRow> {
  return db.transaction(async (transaction) => {
    const user = await requireUser(transaction, id);
    if (user.role === "admin" && role !== "admin") await requireOtherAdmin(transaction, id);
    await transaction.update(users).set({ role, updatedAt: clock.now() }).where(eq(users.id, id));
    return user;
  });
}
