import { eq } from "drizzle-orm";
import type { z } from "zod";
import type { Context } from "@/core/context";
import { settings } from "@/db/schema";
import type { SettingValues } from "./change-setting";

/** A setting as it is stored, read anew, so that all instances say the same; `updated_at`, in ISO 8601, is null as long as nobody changed it. */
export async function readSetting<Schema extends z.ZodType>(
  { db }: Pick<Context, "db">,
  name: keyof SettingValues,
  schema: Schema,
): Promise<{ value: z.output<Schema>; updated_at: string | null }> {
  const [row] = await db.select().from(settings).where(eq(settings.name, name));
  return { value: schema.parse(row?.value ?? {}), updated_at: row?.updatedAt.toISOString() ?? null };
}
