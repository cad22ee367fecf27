import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { sessions } from "@/db/schema";

/** Signs somebody out everywhere, here too. @returns how many sessions that were */
export async function endSessions({ db }: Pick<Context, "db">, userId: string): Promise<number> {
  const ended = await db.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id });
  return ended.length;
}
