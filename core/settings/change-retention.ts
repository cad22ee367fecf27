import { eq } from "drizzle-orm";
import type { z } from "zod";
import type { Context } from "@/core/context";
import { lockExclusive } from "@/core/locks";
import type { MadeFrom } from "@/core/made-from";
import { settings } from "@/db/schema";
import { changeSetting } from "./change-setting";
import { type Retention, type retentionChangeSchema, retentionSchema } from "./schemas";

/** Stores what a change names of retention, in a transaction; the rest stays as it is. @throws Fault conflict, as changeSetting does */
export async function changeRetention(
  inside: Context,
  change: z.output<typeof retentionChangeSchema>,
  madeFrom?: MadeFrom,
): Promise<{ before: Retention; after: Retention }> {
  // The first change finds no row that could be locked.
  await lockExclusive(inside.db, ["settings", 0]);
  const [row] = await inside.db.select().from(settings).where(eq(settings.name, "retention"));
  const before = retentionSchema.parse(row?.value ?? {});
  const after = retentionSchema.parse({ ...before, ...change });
  await changeSetting(inside, "retention", after, madeFrom);
  return { before, after };
}
