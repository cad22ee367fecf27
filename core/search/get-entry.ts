import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { ENTRY_COLUMNS, entryOf, entryRowSchema, microsToSql } from "./entry-row";
import type { Entry } from "./schemas";

/** Time and number of an id. @throws Fault not_found for text that is no id, as no entry has it */
export function readEntryId(id: string): { micros: number; number: string } {
  const found = /^(\d{1,16})-(\d{1,19})$/.exec(id);
  if (!found?.[1] || !found[2]) throw notFound(`there is no entry ${id.slice(0, 50)}`);
  return { micros: Number(found[1]), number: found[2] };
}

/** @throws Fault not_found */
export async function getEntry({ db }: Context, id: string): Promise<Entry> {
  const { micros, number } = readEntryId(id);
  const result = await db.execute(sql`
    select ${ENTRY_COLUMNS} from logs.logs where timestamp = ${microsToSql(micros)} and id = ${number}::numeric`);
  const [row] = z.array(entryRowSchema).parse(result.rows);
  if (!row) throw notFound(`there is no entry ${id}`);
  return entryOf(row);
}
