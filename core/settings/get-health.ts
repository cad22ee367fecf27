import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { settings } from "@/db/schema";
import { type Health, healthSchema } from "./schemas";

/** When a service counts as well; read anew each time, so that all instances say the same. */
export async function getHealth({ db }: Pick<Context, "db">): Promise<Health> {
  const [row] = await db.select().from(settings).where(eq(settings.name, "health"));
  return healthSchema.parse(row?.value ?? {});
}
