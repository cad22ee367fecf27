import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { unavailable } from "@/core/errors";
import type { Cursor } from "@/core/search/cursor";
import { type EntryRow, entryRowSchema } from "@/core/search/entry-row";
import { entriesOf, timestampOf } from "../duck";
import { hiddenCondition } from "../hidden";
import { type HeldRead, holdFiles, type SegmentsContext, withoutDamaged } from "./hold-files";
import type { Missing } from "./missing";
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

/** What is read of the files, as a table. */
function sourceOf(reads: readonly HeldRead[]): SQL {
  const bySpan = new Map<string, { condition: SQL; files: string[] }>();
  for (const {
    segment: { hidden },
    held,
    spans,
  } of reads) {
    for (const { from, to } of spans) {
      const key = `${from} ${to} ${JSON.stringify(hidden)}`;
      const known = bySpan.get(key);
      if (known) known.files.push(held.file);
      else {
        const within = sql`"timestamp" >= ${timestampOf(from)} and "timestamp" < ${timestampOf(to)}`;
        const condition = hidden === null ? within : sql`${within} and not ${hiddenCondition(hidden)}`;
        bySpan.set(key, { condition, files: [held.file] });
      }
    }
  }
  const parts = [...bySpan.values()].map(
    ({ condition, files }) => sql`select * from ${entriesOf(files)} where ${condition}`,
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

export type ChunkQuery<Row> = {
  /** What is asked of the entries, as a table. */
  queryOf(source: SQL): SQL;
  row: z.ZodType<Row>;
  /** Takes down what can't be read. */
  missing: Missing;
  signal: AbortSignal | undefined;
};

/**
 * Asks what can be read of a chunk, as rows in pieces. A file that turns out to be damaged is left out from then on.
 * @throws Fault unavailable when it turns out after the first rows
 */
export async function* readChunk<Row>(
  context: SegmentsContext,
  chunk: Chunk,
  { queryOf, row, missing, signal }: ChunkQuery<Row>,
): AsyncGenerator<Row[]> {
  let reads: Chunk["reads"] | null = chunk.reads;
  while (reads) {
    const held = await holdFiles(context, reads, missing, signal);
    if (held.length === 0) return;
    let isBegun = false;
    try {
      for await (const rows of context.segments.duck.stream(queryOf(sourceOf(held)), row, signal)) {
        isBegun = true;
        yield rows;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      reads = await withoutDamaged(context, held, missing);
      if (!reads) throw error;
      if (isBegun) throw unavailable("a segment turned out to be damaged while it was read; ask again without it");
    } finally {
      for (const { held: file } of held) file.release();
    }
  }
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
  missing: Missing;
  signal?: AbortSignal | undefined;
};

/** The entries of a chunk that meet a condition, in pieces. */
export const readEntries = (
  context: SegmentsContext,
  chunk: Chunk,
  { condition, order, limit, missing, signal }: SealedRead,
): AsyncGenerator<EntryRow[]> =>
  readChunk(context, chunk, {
    queryOf: (source) => sql`
      select ${COLUMNS} from ${source} as entry where ${condition}
      ${order === null ? sql`` : sql`order by ${ORDERS[order]}`} ${limit === null ? sql`` : sql.raw(`limit ${limit}`)}`,
    row: sealedRowSchema,
    missing,
    signal,
  });

/** Entries after this one in the order of the newest first. */
export function afterCursor(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql`true`;
  const { micros, id } = cursor;
  const before = sql`"timestamp" < ${timestampOf(micros)}`;
  if (id === null) return before;
  return sql`(${before} or ("timestamp" = ${timestampOf(micros)} and id < ${id}::bigint))`;
}
