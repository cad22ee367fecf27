import type { z } from "zod";
import type { Context } from "@/core/context";
import { readSetting } from "./read-setting";
import { healthSchema, type healthStateSchema } from "./schemas";

/** When a service counts as well, and when that was changed. */
export async function getHealth(context: Pick<Context, "db">): Promise<z.infer<typeof healthStateSchema>> {
  const { value, updated_at } = await readSetting(context, "health", healthSchema);
  return { ...value, updated_at };
}
