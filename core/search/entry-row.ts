import { sql } from "drizzle-orm";
import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { isoOfMicros } from "@/core/micros";
import type { Entry } from "./schemas";

export const entryRowSchema = z.object({
  id: z.string(),
  /** Of its timestamp, since 1970. */
  micros: z.string(),
  service: z.string(),
  level: z.enum(LEVELS),
  message: z.string(),
  pattern: z.string().nullable(),
  tags: z.array(z.string()).nullable(),
  /** JSON text. */
  attributes: z.string().nullable(),
});

export type EntryRow = z.infer<typeof entryRowSchema>;

/** The columns of entryRowSchema. */
export const ENTRY_COLUMNS = sql.raw(
  "id, (extract(epoch from timestamp) * 1000000)::bigint as micros, service, level, message, pattern, tags, attributes::text as attributes",
);

/** A point in time with its microseconds, as PostgreSQL keeps it. */
export const microsToSql = (micros: number) =>
  sql`(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond')`;

export const entryOf = (row: EntryRow): Entry => ({
  id: `${row.micros}-${row.id}`,
  timestamp: isoOfMicros(Number(row.micros)),
  service: row.service,
  level: row.level,
  message: row.message,
  pattern: row.pattern,
  tags: row.tags,
  attributes: row.attributes,
});

/** For sorting: the newest first, of one moment the one with the greatest id. */
export function newestFirst(one: EntryRow, other: EntryRow): number {
  const micros = Number(other.micros) - Number(one.micros);
  if (micros !== 0) return micros;
  return BigInt(other.id) > BigInt(one.id) ? 1 : -1;
}
