import { randomUUID } from "node:crypto";
import { and, gt, isNull, or } from "drizzle-orm";
import type { KeyInput, NewApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { conflict, invalidField } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";
import { hashOf, newKeyText, startOf } from "./key-text";

/**
 * The only time that the key itself is told.
 * @param createdBy whom the list names
 * @throws Fault invalid for an expiry that is over, conflict when there are too many
 */
export async function createKey({ db, clock }: Context, input: KeyInput, createdBy: string): Promise<NewApiKey> {
  const now = clock.now();
  const expiresAt = input.expires_at === null ? null : new Date(input.expires_at);
  if (expiresAt && expiresAt <= now) throw invalidField("expires_at", "must be ahead");
  const holding = and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));
  if ((await db.$count(apiKeys, holding)) >= LIMITS.apiKeys) {
    throw conflict(`there are ${LIMITS.apiKeys} keys that hold, which is as many as there may be`);
  }
  const key = newKeyText();
  const [row] = await db
    .insert(apiKeys)
    .values({
      id: randomUUID(),
      name: input.name,
      keyHash: hashOf(key),
      start: startOf(key),
      scopes: [...new Set(input.scopes)],
      services: input.services,
      createdBy,
      createdAt: now,
      expiresAt,
    })
    .returning();
  if (!row) throw new Error("the key was not stored");
  return { ...apiKeyOf(row), key };
}
