import { and, eq, isNull } from "drizzle-orm";
import type { ApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { conflict, notFound } from "@/core/errors";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";

/** Ends it on every instance within LIMITS.keyCacheMs; it stays in the list. @throws Fault not_found, or conflict when it is */
export async function revokeKey({ db, clock }: Context, id: string): Promise<ApiKey> {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: clock.now() })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning();
  if (row) return apiKeyOf(row);
  const known = await db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, id));
  throw known.length === 0 ? notFound("there is no such key") : conflict("this key is revoked already");
}
