import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { alertConfigs } from "@/db/schema";
import type { AlertConfig } from "../schemas";
import { configOf } from "./config-of";

export const noConfig = (service: string) => notFound(`service "${service}" has no alert configuration`);

/** @throws Fault not_found */
export async function getConfig(context: Pick<Context, "db">, service: string): Promise<AlertConfig> {
  const config = await findConfig(context, service);
  if (!config) throw noConfig(service);
  return config;
}

/** Null where the service has none. */
export async function findConfig({ db }: Pick<Context, "db">, service: string): Promise<AlertConfig | null> {
  const [row] = await db.select().from(alertConfigs).where(eq(alertConfigs.service, service));
  return row ? configOf({ db }, row) : null;
}
