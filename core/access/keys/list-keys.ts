import { desc } from "drizzle-orm";
import type { ApiKey } from "@/core/access/schemas";
import type { Context } from "@/core/context";
import { apiKeys } from "@/db/schema";
import { apiKeyOf } from "./api-key-of";

/** All of them, newest first; those that no longer hold too. */
export async function listKeys({ db }: Pick<Context, "db">): Promise<ApiKey[]> {
  const rows = await db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
  return rows.map(apiKeyOf);
}
