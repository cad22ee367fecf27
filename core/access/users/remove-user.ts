import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { users } from "@/db/schema";
import { requireOtherAdmin, requireUser, type UserRow } from "./require-user";

/** The account and its sessions; keys that the user made stay. @returns who it was. @throws Fault not_found, or conflict for the last admin */
export async function removeUser({ db }: Pick<Context, "db">, id: string): Promise<UserRow> {
  return db.transaction(async (transaction) => {
    const user = await requireUser(transaction, id);
    if (user.role === "admin") await requireOtherAdmin(transaction, id);
    await transaction.delete(users).where(eq(users.id, id));
    return user;
  });
}
