import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { LEVELS } from "@/core/levels";
import { isoOfMicros } from "@/core/micros";
import { firstCharacters, lengthOf } from "./first-characters";
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
  /** Of the whole message; absent: it is whole here. */
  characters: z.coerce.number().optional(),
});

export type EntryRow = z.infer<typeof entryRowSchema>;

/** What of an entry is read where not all of it is shown: the first characters of its message, and its attributes or none. */
export type EntryPart = { characters: number; attributes: boolean };

/** The message as far as it is wanted, and how long it is, as columns. */
const messageColumns = (part: EntryPart | undefined): string =>
  part ? `left(message, ${part.characters}) as message, length(message) as characters` : "message";

/** The columns of entryRowSchema. */
export const entryColumns = (part?: EntryPart): SQL =>
  sql.raw(
    `id, (extract(epoch from timestamp) * 1000000)::bigint as micros, service, level, ${messageColumns(part)}, pattern, tags, ${
      part?.attributes === false ? "null" : "attributes::text"
    } as attributes`,
  );

export const ENTRY_COLUMNS = entryColumns();

/** What is wanted of a row that was read whole. */
export const partOf = (row: EntryRow, { characters, attributes }: EntryPart): EntryRow => ({
  ...row,
  message: firstCharacters(row.message, characters),
  characters: lengthOf(row.message),
  attributes: attributes ? row.attributes : null,
});

/** A point in time with its microseconds, as PostgreSQL keeps it. */
export const microsToSql = (micros: number) =>
  sql`(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond')`;

/** As the API has it; `cut` says of a message that was read in part how many characters there are. */
export const entryOf = (row: EntryRow): Entry => ({
  id: `${row.micros}-${row.id}`,
  timestamp: isoOfMicros(Number(row.micros)),
  service: row.service,
  level: row.level,
  message: row.message,
  pattern: row.pattern,
  tags: row.tags,
  attributes: row.attributes,
  ...(row.characters !== undefined && row.characters > lengthOf(row.message) && { cut: { message: row.characters } }),
});

/** For sorting: the newest first, of one moment the one with the greatest id. */
export function newestFirst(one: EntryRow, other: EntryRow): number {
  const micros = Number(other.micros) - Number(one.micros);
  if (micros !== 0) return micros;
  return BigInt(other.id) > BigInt(one.id) ? 1 : -1;
}
