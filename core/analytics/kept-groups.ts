import { createHash, type Hash } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Segment } from "@/core/segments/catalogue";
import type { Span } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { type Groups, groupsSchema } from "./groups";

/** Raised when what is kept of the same question becomes another one, so that what older versions kept is not read any more. */
const VERSION = 5;
/** Of a row and its places in indexes, beside the groups. */
const ROW_BYTES = 200;
/** Of what a text describes in memory. */
const OBJECTS_TO_TEXT = 3;

/** Part of a segment that a computation is of. */
export type Piece = {
  segment: Segment;
  span: Span;
  /** All of the segment. */
  isWhole: boolean;
};

/**
 * Results of one question, kept for each segment: what is sealed never changes, and what is hidden in it is part of the question.
 * Of whole segments they are in the database, where every instance finds them and a segment that goes takes them with it; of parts,
 * which are as a moving time cuts them, only in this process.
 */
export class KeptGroups {
  /** Of the question, which may be long, so that only what differs from segment to segment is added. */
  private readonly question: Hash;

  /**
   * @param question all that the result depends on, but for the segment; as JSON it must always be the same text
   * @param isShared false: only this process keeps it
   */
  constructor(
    private readonly context: EntriesContext,
    question: unknown,
    private readonly isShared: boolean,
  ) {
    this.question = createHash("sha256").update(JSON.stringify([VERSION, question]));
  }

  /** What is kept of pieces, some megabytes at once; nothing of a segment with which something is wrong. */
  async *find(pieces: readonly Piece[]): AsyncGenerator<ReadonlyMap<Piece, Groups>> {
    const cached = new Map<Piece, Groups>();
    const others = new Map<string, Piece>();
    for (const piece of pieces) {
      if (piece.segment.problem !== null) continue;
      const kept = this.cache.get(this.nameOf(piece));
      if (kept) cached.set(piece, kept);
      else if (piece.isWhole && this.isShared) others.set(nameOfRow(piece.segment.id, this.keyOf(piece)), piece);
    }
    yield cached;
    if (others.size === 0) return;
    for (const portion of portionsOf(await this.used([...others.values()]))) {
      const found = new Map<Piece, Groups>();
      for (const { segment, key, groups } of await this.read(portion)) {
        const piece = others.get(nameOfRow(segment, key));
        if (!piece) continue;
        const kept = groupsSchema.parse(JSON.parse(groups));
        found.set(piece, kept);
        this.cache.set(this.nameOf(piece), kept, { size: groups.length * OBJECTS_TO_TEXT + ROW_BYTES });
      }
      yield found;
    }
  }

  /**
   * Keeps what was computed, unless it is too much.
   * @param size about how many bytes that is in memory
   */
  async keep(computed: readonly { piece: Piece; groups: Groups; size: number }[]): Promise<void> {
    const rows: { segment: number; key: string; groups: string }[] = [];
    for (const { piece, groups, size } of computed) {
      if (size > LIMITS.keptGroupsBytes) continue;
      this.cache.set(this.nameOf(piece), groups, { size: size + ROW_BYTES });
      const text = piece.isWhole && this.isShared ? JSON.stringify(groups) : "";
      if (text !== "" && text.length <= LIMITS.keptGroupsBytes) {
        rows.push({ segment: piece.segment.id, key: this.keyOf(piece), groups: text });
      }
    }
    if (rows.length > 0) await this.write(rows);
  }

  private get cache() {
    return this.context.segments.groups;
  }

  private keyOf({ segment }: Piece): string {
    return this.question.copy().update(JSON.stringify(segment.hidden)).digest("base64url");
  }

  private nameOf(piece: Piece): string {
    const { segment, span, isWhole } = piece;
    return `${segment.id} ${isWhole ? "" : `${span.from} ${span.to}`} ${this.keyOf(piece)}`;
  }

  /** Which rows there are, taking down that they were used. */
  private async used(pieces: readonly Piece[]): Promise<KeptRow[]> {
    const { db, clock } = this.context;
    const now = clock.now();
    const asked = rowsSql(pieces.map((piece) => ({ segment: piece.segment.id, key: this.keyOf(piece) })));
    const result = await db.execute(sql`
      select segment, key, bytes, used_at from logs.segment_groups where (segment, key) in ${asked}`);
    const rows = z.array(keptRowSchema).parse(result.rows);
    const since = addMs(now, -HOUR_MS);
    if (rows.some(({ used_at }) => used_at < since)) {
      await db.execute(sql`
        update logs.segment_groups set used_at = ${now}::timestamptz
        where (segment, key) in ${asked} and used_at < ${since}::timestamptz`);
    }
    return rows;
  }

  private async read(rows: readonly KeptRow[]) {
    const result = await this.context.db.execute(sql`
      select segment, key, groups from logs.segment_groups where (segment, key) in ${rowsSql(rows)}`);
    return z.array(rowSchema).parse(result.rows);
  }

  private async write(rows: readonly { segment: number; key: string; groups: string }[]): Promise<void> {
    const { db, clock } = this.context;
    const ids = rows.map(({ segment }) => segment);
    const keys = rows.map(({ key }) => key);
    const texts = rows.map(({ groups }) => groups);
    await db.transaction(async (transaction) => {
      // A segment that was joined with others meanwhile has no row any more, and one that is there stays until the end.
      await transaction.execute(sql`
        with there as materialized (
          select id from logs.segments where id = any(${sql.param(ids)}::bigint[]) order by id for key share
        )
        insert into logs.segment_groups (segment, key, groups, bytes, used_at)
        select segment, key, groups, octet_length(groups) + ${ROW_BYTES}, ${clock.now()}::timestamptz
        from unnest(${sql.param(ids)}::bigint[], ${sql.param(keys)}::text[], ${sql.param(texts)}::text[]) as computed (segment, key, groups)
        join there on there.id = segment
        order by segment, key
        on conflict do nothing`);
    });
    await this.makeRoom(texts.reduce((sum, text) => sum + text.length + ROW_BYTES, 0));
  }

  /** Takes out what was not used for longest, when there is too much. @param more bytes that were written */
  private async makeRoom(more: number): Promise<void> {
    this.cache.writtenBytes += more;
    if (this.cache.writtenBytes < LIMITS.allKeptGroupsBytes / 16) return;
    this.cache.writtenBytes = 0;
    await removeLeastUsed(this.context.db);
  }
}

/** Takes out what was not used for longest, so that no more is left than may be kept. */
export async function removeLeastUsed(db: EntriesContext["db"], mostBytes = LIMITS.allKeptGroupsBytes): Promise<void> {
  await db.execute(sql`
    delete from logs.segment_groups as kept using (
      select segment, key, sum(bytes) over (order by used_at desc, segment, key) as total from logs.segment_groups
    ) as counted
    where counted.segment = kept.segment and counted.key = kept.key and total > ${mostBytes}`);
}

/** Of texts that are read at once. */
const PORTION_BYTES = 8 * 1024 * 1024;

const nameOfRow = (segment: number, key: string) => `${segment} ${key}`;

/** Places of rows, as a subquery. */
function rowsSql(rows: readonly { segment: number; key: string }[]): SQL {
  const segments = sql.param(rows.map(({ segment }) => segment));
  const keys = sql.param(rows.map(({ key }) => key));
  return sql`(select * from unnest(${segments}::bigint[], ${keys}::text[]))`;
}

function portionsOf(rows: readonly KeptRow[]): KeptRow[][] {
  const portions: KeptRow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (bytes + row.bytes > PORTION_BYTES) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(row);
    bytes += row.bytes;
  }
  return portions;
}

const keptRowSchema = z.object({
  segment: z.coerce.number(),
  key: z.string(),
  bytes: z.number(),
  used_at: z.coerce.date(),
});

type KeptRow = z.infer<typeof keptRowSchema>;

const rowSchema = z.object({ segment: z.coerce.number(), key: z.string(), groups: z.string() });
