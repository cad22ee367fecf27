import { desc, like, or, type SQL } from "drizzle-orm";
import type { ApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { escapeLike } from "@/core/escape-like";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";
import { KEY_PREFIX } from "./key-text";

/** Newest first, those that no longer hold too; searched by name, by who made it, or by how the key begins. */
export async function listKeys(
  { db }: Pick<Context, "db">,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<ApiKey>> {
  const matching = matches(search);
  const rows = await db
    .select()
    .from(apiKeys)
    .where(matching)
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(apiKeys, matching), data: rows.map(apiKeyOf) };
}

/** What begins as every key does is the beginning of one. */
function matches(search: string): SQL | undefined {
  const named = hasInName(search, apiKeys.name, apiKeys.createdBy);
  return search.startsWith(KEY_PREFIX) ? or(named, like(apiKeys.start, `${escapeLike(search)}%`)) : named;
}
