import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import type { ServiceNames } from "./schemas";

const rowSchema = z.object({ total: z.number(), names: z.array(z.string()) });

export type NamesAsked = {
  /** Part of the name, in any case of letters. */
  search: string;
  limit: number;
  /** Only services that no alert watches. */
  unwatched?: boolean;
};

/** Names that hold what somebody types: those that begin with it first, then by the alphabet. */
export async function findServiceNames(
  db: Context["db"],
  { search, limit, unwatched = false }: NamesAsked,
): Promise<ServiceNames> {
  const isFree = unwatched
    ? sql`and not exists (select from logs.alert_configs as config where config.service = services.name)`
    : sql``;
  const result = await db.execute(sql`
    with found as (
      select name, position(lower(${search}) in lower(name)) as place from logs.services as services
      where position(lower(${search}) in lower(name)) > 0 ${isFree}
    ), page as (select * from found order by place > 1, name limit ${limit})
    select (select count(*)::int from found) as total,
      array(select name from page order by place > 1, name) as names`);
  return z.tuple([rowSchema]).parse(result.rows)[0];
}

/** Whether a service has sent anything that is kept. */
export async function isSeen(db: Context["db"], service: string): Promise<boolean> {
  const result = await db.execute(sql`select from logs.services where name = ${service}`);
  return result.rows.length > 0;
}
