import type { Context } from "@/core/context";
import { services } from "@/db/schema";

export type Seen = { firstSeen: Date; lastSeen: Date };

/** Every service that ever sent an entry, by name in alphabetical order, with the earliest and latest of its timestamps. */
export async function getSeen(db: Context["db"]): Promise<Map<string, Seen>> {
  const rows = await db.select().from(services).orderBy(services.name);
  return new Map(rows.map(({ name, firstSeen, lastSeen }) => [name, { firstSeen, lastSeen }]));
}
