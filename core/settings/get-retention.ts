import type { z } from "zod";
import type { Context } from "@/core/context";
import { readStorageState } from "@/core/retention/storage-state";
import { readSetting } from "./read-setting";
import { retentionSchema, type retentionStateSchema } from "./schemas";
import type { Settings } from "./settings";

/** What is stored of retention, with how much is stored. */
export async function getRetention(
  context: Pick<Context, "db"> & { settings: Settings },
): Promise<z.infer<typeof retentionStateSchema>> {
  const { value, updated_at } = await readSetting(context, "retention", retentionSchema);
  return {
    ...value,
    ...context.settings.retentionDefaults,
    updated_at,
    storage: await readStorageState(context),
  };
}
