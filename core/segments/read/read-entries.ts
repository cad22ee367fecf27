import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Cursor } from "@/core/search/cursor";
import { type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { entriesOf, timestampOf } from "../duck";
import { hiddenCondition } from "../hidden";
import type { Segments } from "../segments";
import type { Chunk } from "./plan-chunks";

/** As PostgreSQL gives an entry; DuckDB gives lists as JSON. */
export const sealedRowSchema = z
  .object({
    id: z.string(),
    micros: z.string(),
    service: z.string(),
    level: z.string(),
    message: z.string(),
    pattern: z.string().nullable(),
    tags: z.string().nullable(),
    attributes: z.string().nullable(),
  })
  .transform(({ tags, ...row }): unknown => ({ ...row, tags: tags === null ? null : JSON.parse(tags) }))
  .pipe(entryRowSchema);

const COLUMNS = sql.raw(
  'id::varchar as id, epoch_us("timestamp")::varchar as micros, service, level, message, pattern::varchar as pattern, to_json(tags)::varchar as tags, attributes',
);

/** What is read of the files, as a table. @throws Error when a file is missing or the store is away */
export async function sourceOf({ store }: Segments, { reads }: Chunk): Promise<SQL> {
  const bySpan = new Map<string, { condition: SQL; files: string[] }>();
  for (const { path, hidden, spans } of reads) {
    const file = await store.localFileOf(path);
    for (const { from, to } of spans) {
      const key = `${from} ${to} ${JSON.stringify(hidden)}`;
      const known = bySpan.get(key);
      if (known) known.files.push(file);
      else {
        const within = sql`"timestamp" >= ${timestampOf(from)} and "timestamp" < ${timestampOf(to)}`;
        const condition = hidden === null ? within : sql`${within} and not ${hiddenCondition(hidden)}`;
        bySpan.set(key, { condition, files: [file] });
      }
    }
  }
  const parts = [...bySpan.values()].map(
    ({ condition, files }) => sql`select * from ${entriesOf(files)} where ${condition}`,
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

export type SealedOrder = "newest first" | "oldest first" | "by id";

const ORDERS: Readonly<Record<SealedOrder, SQL>> = {
  "newest first": sql`"timestamp" desc, id desc`,
  "oldest first": sql`"timestamp", id`,
  "by id": sql`id`,
};

export type SealedRead = {
  condition: SQL;
  /** Null: any. */
  order: SealedOrder | null;
  /** Null: all. */
  limit: number | null;
  signal?: AbortSignal | undefined;
};

/** The entries of a chunk that meet a condition, in pieces. */
export async function* readEntries(
  segments: Segments,
  chunk: Chunk,
  { condition, order, limit, signal }: SealedRead,
): AsyncGenerator<EntryRow[]> {
  const source = await sourceOf(segments, chunk);
  const query = sql`
    select ${COLUMNS} from ${source} as entry where ${condition}
    ${order === null ? sql`` : sql`order by ${ORDERS[order]}`} ${limit === null ? sql`` : sql.raw(`limit ${limit}`)}`;
  yield* segments.duck.stream(query, sealedRowSchema, signal);
}

/** Entries after this one in the order of the newest first. */
export function afterCursor(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql`true`;
  const { micros, id } = cursor;
  const before = sql`"timestamp" < ${timestampOf(micros)}`;
  if (id === null) return before;
  return sql`(${before} or ("timestamp" = ${timestampOf(micros)} and id < ${id}::bigint))`;
}
