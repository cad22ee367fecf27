import type { Context } from "@/core/context";
import { alertConfigs } from "@/db/schema";
import { listReceivers } from "../receivers/list-receivers";
import type { AlertConfig } from "../schemas";
import { configOf } from "./config-of";

/** All, by the name of their service. */
export async function listConfigs({ db }: Context): Promise<AlertConfig[]> {
  const receivers = await listReceivers({ db });
  return (await db.select().from(alertConfigs).orderBy(alertConfigs.service)).map((row) => configOf(row, receivers));
}
