import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { isFault, unavailable } from "@/core/errors";
import { isLevel } from "@/core/levels";
import type { Cursor } from "@/core/search/cursor";
import type { EntryPart, EntryRow } from "@/core/search/entry-row";
import type { TakesTurns } from "@/core/turns";
import type { Segment } from "../catalogue";
import { entriesOf, joinedColumns, textOf, timestampOf, valuesOfJoined } from "../duck";
import { hiddenCondition } from "../hidden";
import { ENTRY_COLUMNS } from "../write/write-file";
import { type HeldRead, holdFiles, type SegmentsContext, withoutDamaged } from "./hold-files";
import type { Missing } from "./missing";
import type { Chunk } from "./plan-chunks";

/** Of an entry as one text. */
const entryText = (part: EntryPart | undefined): SQL =>
  joinedColumns(`id, epoch_us("timestamp"), service, level, ${part ? `left(message, ${part.characters})` : "message"},
    ${part ? "length(message)" : "''"}, coalesce(pattern::varchar, ''), coalesce(to_json(tags)::varchar, ''),
    ${part?.attributes === false ? "''" : "coalesce(attributes, '')"}`);

const tagsSchema = z.array(z.string());

/** Reads entryText as PostgreSQL gives an entry. */
const sealedRowSchema = z.object({ entry: z.string() }).transform(({ entry }, context): EntryRow => {
  const values = valuesOfJoined(entry);
  const [id, micros, service, level, message, characters, pattern, tags, attributes] = values;
  if (!id || !micros || service === undefined || message === undefined || values.length !== 9 || !isLevel(level)) {
    context.addIssue("it has not the columns of an entry");
    return z.NEVER;
  }
  return {
    id,
    micros,
    service,
    level,
    message,
    pattern: pattern || null,
    tags: tags ? tagsSchema.parse(JSON.parse(tags)) : null,
    attributes: attributes || null,
    ...(characters && { characters: Number(characters) }),
  };
});

/** A piece of SQL about the entries of a segment, which may know more of its columns. */
export type OfSegment = (segment: Segment) => SQL;

type Selected = {
  columnsOf: OfSegment;
  conditionOf: OfSegment;
};

/** Columns of what is read of the files and meets a condition, as a table. */
function sourceOf(reads: readonly HeldRead[], { columnsOf, conditionOf }: Selected): SQL {
  const parts = new Map<string, { select: SQL; where: SQL; files: string[] }>();
  for (const { segment, held, spans } of reads) {
    const hidden = segment.hidden === null ? sql`` : sql`and not ${hiddenCondition(segment.hidden)}`;
    const [select, condition] = [columnsOf(segment), conditionOf(segment)];
    for (const { from, to } of spans) {
      const where = sql`"timestamp" >= ${timestampOf(from)} and "timestamp" < ${timestampOf(to)} ${hidden} and ${condition}`;
      // Files that have the same columns and are asked the same are read by one.
      const key = `${textOf(sql`${select} ${where}`)} ${JSON.stringify(segment.attributeColumns)}`;
      const known = parts.get(key);
      if (known) known.files.push(held.file);
      else parts.set(key, { select, where, files: [held.file] });
    }
  }
  const selects = [...parts.values()].map(
    ({ select, where, files }) => sql`select ${select} from ${entriesOf(files)} where ${where}`,
  );
  return sql`(${sql.join(selects, sql` union all `)})`;
}

/** Each time a copy may have been dropped under it, or another file have turned out to be damaged. */
const MOST_TRIES = 10;

export type ChunkQuery<Row> = Selected & {
  /** What is asked of what is selected, as a table. */
  queryOf(entries: SQL): SQL;
  row: z.ZodType<Row>;
  /** Takes down what can't be read. */
  missing: Missing;
  signal: AbortSignal | undefined;
  /** As in Duck.stream. */
  turns?: TakesTurns | undefined;
};

/**
 * Asks what can be read of a chunk, as rows in pieces. A file that turns out to be damaged is left out from then on.
 * @throws Fault unavailable when it turns out after the first rows
 */
export async function* readChunk<Row>(
  context: SegmentsContext,
  chunk: Chunk,
  { queryOf, row, missing, signal, turns, ...selected }: ChunkQuery<Row>,
): AsyncGenerator<Row[]> {
  let reads: Chunk["reads"] | null = chunk.reads;
  for (let tries = 1; reads; tries++) {
    const held = await holdFiles(context, reads, missing, signal);
    if (held.length === 0) return;
    let isBegun = false;
    try {
      for await (const rows of context.segments.duck.stream(queryOf(sourceOf(held, selected)), row, signal, turns)) {
        isBegun = true;
        yield rows;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (isFault(error)) throw error;
      reads = await withoutDamaged(context, held, missing);
      if (!reads || tries === MOST_TRIES) throw error;
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
  conditionOf: OfSegment;
  /** Null: any. */
  order: SealedOrder | null;
  /** Null: all. */
  limit: number | null;
  /** What of each is read; absent: all. */
  part?: EntryPart | undefined;
  missing: Missing;
  signal?: AbortSignal | undefined;
  /** As in Duck.stream. */
  turns?: TakesTurns | undefined;
};

/** The entries of a chunk that meet a condition, in pieces. */
export const readEntries = (
  context: SegmentsContext,
  chunk: Chunk,
  { conditionOf, order, limit, part, missing, signal, turns }: SealedRead,
): AsyncGenerator<EntryRow[]> =>
  readChunk(context, chunk, {
    columnsOf: () => ENTRY_COLUMNS,
    conditionOf,
    queryOf: (entries) => sql`
      select ${entryText(part)} as entry from ${entries}
      ${order === null ? sql`` : sql`order by ${ORDERS[order]}`} ${limit === null ? sql`` : sql.raw(`limit ${limit}`)}`,
    row: sealedRowSchema,
    missing,
    signal,
    turns,
  });

/** An entry as the NDJSON of an export has it (core/search/entry-json.ts), made by DuckDB, which takes a third of the time. */
const NDJSON = sql.raw(`concat('{"id":"', epoch_us("timestamp"), '-', id,
  '","timestamp":"', strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ'), '","service":', to_json(service), ',"level":"', level,
  '","message":', to_json(message), ',"pattern":', coalesce('"' || pattern || '"', 'null'),
  ',"tags":', coalesce(to_json(tags)::varchar, 'null'),
  ',"attributes":', coalesce(translate(attributes, chr(13) || chr(10), '  '), 'null'), '}')`);

const textSchema = z.object({ line: z.string() });

/** Lines of the entries of a chunk that meet a condition, in pieces. */
export async function* readNdjson(
  context: SegmentsContext,
  chunk: Chunk,
  { conditionOf, order, missing, signal, turns }: Omit<SealedRead, "limit" | "part">,
): AsyncGenerator<string> {
  const asked = {
    columnsOf: () => ENTRY_COLUMNS,
    conditionOf,
    queryOf: (entries: SQL) => sql`
      select ${NDJSON} as line from ${entries} ${order === null ? sql`` : sql`order by ${ORDERS[order]}`}`,
    row: textSchema,
    missing,
    signal,
    turns,
  };
  for await (const rows of readChunk(context, chunk, asked)) {
    let text = "";
    for (const { line } of rows) text += `${line}\n`;
    yield text;
  }
}

/** Entries after this one in the order of the newest first. */
export function afterCursor(cursor: Cursor | undefined): SQL {
  if (!cursor) return sql`true`;
  const { micros, id } = cursor;
  const before = sql`"timestamp" < ${timestampOf(micros)}`;
  if (id === null) return before;
  return sql`(${before} or ("timestamp" = ${timestampOf(micros)} and id < ${id}::bigint))`;
}
