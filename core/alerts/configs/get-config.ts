import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { alertConfigs } from "@/db/schema";
import { listReceivers } from "../receivers/list-receivers";
import type { AlertConfig } from "../schemas";
import { configOf } from "./config-of";

export const noConfig = (service: string) => notFound(`service "${service}" has no alert configuration`);

/** @throws Fault not_found */
export async function getConfig({ db }: Context, service: string): Promise<AlertConfig> {
  const [row] = await db.select().from(alertConfigs).where(eq(alertConfigs.service, service));
  if (!row) throw noConfig(service);
  return configOf(row, await listReceivers({ db }));
}
