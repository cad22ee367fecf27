import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { patterns } from "@/db/schema";

/** @throws Fault not_found when there is no such pattern */
export async function requirePattern({ db }: Pick<Context, "db">, pattern: string): Promise<void> {
  const rows = await db
    .select({ id: patterns.id })
    .from(patterns)
    .where(eq(patterns.id, BigInt(pattern)));
  if (rows.length === 0) throw notFound(`there is no pattern ${pattern}`);
}
