import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import { isoOfMicros } from "@/core/micros";
import type { Span } from "@/core/segments/read/plan-chunks";
import type { Cursor } from "./cursor";
import { type EntryPart, type EntryRow, entryColumns, entryRowSchema, microsToSql } from "./entry-row";

/** Reads the newest matches of a span among what is not sealed. */
export async function readWindow(
  transaction: Executor,
  condition: SQL,
  { from, to, cursor, limit, part }: Span & { cursor: Cursor | undefined; limit: number; part?: EntryPart | undefined },
): Promise<EntryRow[]> {
  const result = await transaction.execute(sql`
    select ${entryColumns(part)} from logs.logs
    where timestamp >= ${isoOfMicros(from)}::timestamptz and timestamp < ${isoOfMicros(to)}::timestamptz ${after(cursor)} and ${condition}
    order by timestamp desc, id desc limit ${limit}`);
  return z.array(entryRowSchema).parse(result.rows);
}

function after(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql``;
  const time = microsToSql(cursor.micros);
  return cursor.id === null ? sql`and timestamp < ${time}` : sql`and (timestamp, id) < (${time}, ${cursor.id}::bigint)`;
}
