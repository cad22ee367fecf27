import { eq } from "drizzle-orm";
import type { Invitation } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { invitations } from "@/db/schema";
import { invitationOf } from "./invitation-of";

/** Its link stops working. @throws Fault not_found */
export async function withdrawInvitation({ db }: Pick<Context, "db">, id: string): Promise<Invitation> {
  const [row] = await db.delete(invitations).where(eq(invitations.id, id)).returning();
  if (!row) throw notFound("there is no such invitation; it may have been used");
  return invitationOf(row);
}
