import type { z } from "zod";
import type { Context } from "@/core/context";
import { listMasked } from "./list-masked";
import { readSetting } from "./read-setting";
import { maskingSchema, type maskingStateSchema } from "./schemas";

/** What is masked, and how much it was, by service. */
export async function getMasking(context: Pick<Context, "db">): Promise<z.infer<typeof maskingStateSchema>> {
  const { value: settings, updated_at } = await readSetting(context, "masking", maskingSchema);
  return { settings, updated_at, ...(await listMasked(context)) };
}
