import { asc } from "drizzle-orm";
import type { Context } from "@/core/context";
import { hasInName } from "@/core/name-search";
import type { Paged, SearchedPage } from "@/core/page";
import { alertConfigs } from "@/db/schema";
import type { AlertConfig } from "../schemas";
import { configsOf } from "./config-of";

/** By the name of their service, by which they are searched. */
export async function listConfigs(
  { db }: Context,
  { search, limit, offset }: SearchedPage,
): Promise<Paged<AlertConfig>> {
  const matching = hasInName(search, alertConfigs.service);
  const rows = await db
    .select()
    .from(alertConfigs)
    .where(matching)
    .orderBy(asc(alertConfigs.service))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(alertConfigs, matching), data: await configsOf({ db }, rows) };
}
