import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { floorTo, MINUTE_MS } from "@/core/clock";
import type { Executor } from "@/core/context";
import type { Cursor } from "./cursor";
import { ENTRY_COLUMNS, type EntryRow, entryRowSchema, microsToSql } from "./entry-row";
import { minutesWith } from "./find-minutes";
import type { Required } from "./query/required";

export type Window = { start: Date; end: Date; cursor: Cursor | undefined; limit: number };

/** Reads the newest matches of a window by looking at all of its entries, or by an index of words if it has one. */
export async function readWindow(transaction: Executor, condition: SQL, window: Window): Promise<EntryRow[]> {
  const { start, end, cursor, limit } = window;
  const result = await transaction.execute(sql`
    select ${ENTRY_COLUMNS} from logs.logs
    where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz ${after(cursor)} and ${condition}
    order by timestamp desc, id desc limit ${limit}`);
  return z.array(entryRowSchema).parse(result.rows);
}

/** The same when the counts say that few minutes of the window can hold a match: only those are looked at. */
export async function readMinutes(
  transaction: Executor,
  condition: SQL,
  required: Required,
  window: Window,
): Promise<EntryRow[]> {
  const { start, end, cursor, limit } = window;
  const result = await transaction.execute(sql`
    select found.* from (${minutesWith(required, floorTo(start, MINUTE_MS), end)}) as minute cross join lateral (
      select ${ENTRY_COLUMNS} from logs.logs
      where timestamp >= greatest(minute.bucket, ${start}::timestamptz)
        and timestamp < least(minute.bucket + interval '1 minute', ${end}::timestamptz) ${after(cursor)} and ${condition}
      order by timestamp desc, id desc limit ${limit}
    ) as found
    order by found.micros desc, found.id desc limit ${limit}`);
  return z.array(entryRowSchema).parse(result.rows);
}

function after(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql``;
  const time = microsToSql(cursor.micros);
  return cursor.id === null ? sql`and timestamp < ${time}` : sql`and (timestamp, id) < (${time}, ${cursor.id}::bigint)`;
}
