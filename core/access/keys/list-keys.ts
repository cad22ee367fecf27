import { desc } from "drizzle-orm";
import type { ApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";

/** Newest first, those that no longer hold too; searched by name, by the beginning of the key and by who made it. */
export async function listKeys(
  { db }: Pick<Context, "db">,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<ApiKey>> {
  const matching = hasInName(search, apiKeys.name, apiKeys.start, apiKeys.createdBy);
  const rows = await db
    .select()
    .from(apiKeys)
    .where(matching)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(apiKeys, matching), data: rows.map(apiKeyOf) };
}
