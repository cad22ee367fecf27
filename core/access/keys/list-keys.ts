import { desc } from "drizzle-orm";
import type { ApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";

/** Newest first, those that no longer hold too: up to LIMITS.listedKeys, and one more where there are more. */
export async function listKeys({ db }: Pick<Context, "db">): Promise<ApiKey[]> {
  const rows = await db
    .select()
    .from(apiKeys)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(LIMITS.listedKeys + 1);
  return rows.map(apiKeyOf);
}
