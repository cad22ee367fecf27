import type { z } from "zod";
import type { Context } from "@/core/context";
import { readStorageState } from "@/core/retention/storage-state";
import type { retentionStateSchema } from "./schemas";
import type { Settings } from "./settings";

/** What holds of retention, with how much is stored. */
export async function getRetention(
  context: Pick<Context, "db"> & { settings: Settings },
): Promise<z.infer<typeof retentionStateSchema>> {
  return { ...(await context.settings.retention()), storage: await readStorageState(context) };
}
