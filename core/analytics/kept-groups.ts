import { createHash, type Hash } from "node:crypto";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import type { Segment } from "@/core/segments/catalogue";
import type { Span } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { type Groups, groupsSchema } from "./groups";

/** Raised when what is kept of the same question becomes another one, so that what older versions kept is not read any more. */
const VERSION = 2;
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

  /** @returns what is kept of pieces; nothing of a segment with which something is wrong */
  async find(pieces: readonly Piece[]): Promise<Map<Piece, Groups>> {
    const found = new Map<Piece, Groups>();
    const others = new Map<string, Piece>();
    for (const piece of pieces) {
      if (piece.segment.problem !== null) continue;
      const kept = this.cache.get(this.nameOf(piece));
      if (kept) found.set(piece, kept);
      else if (piece.isWhole && this.isShared) others.set(`${piece.segment.id} ${this.keyOf(piece)}`, piece);
    }
    if (others.size === 0) return found;
    for (const { segment, key, groups } of await this.read([...others.values()])) {
      const piece = others.get(`${segment} ${key}`);
      const kept = groupsSchema.parse(JSON.parse(groups));
      if (!piece) continue;
      found.set(piece, kept);
      this.cache.set(this.nameOf(piece), kept, { size: groups.length * OBJECTS_TO_TEXT + ROW_BYTES });
    }
    return found;
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

  private async read(pieces: readonly Piece[]) {
    const { db, clock } = this.context;
    const now = clock.now();
    const ids = pieces.map(({ segment }) => segment.id);
    const keys = pieces.map((piece) => this.keyOf(piece));
    const asked = sql`(select * from unnest(${sql.param(ids)}::bigint[], ${sql.param(keys)}::text[]))`;
    const result = await db.execute(sql`
      select segment, key, groups, used_at from logs.segment_groups where (segment, key) in ${asked}`);
    const rows = z.array(rowSchema).parse(result.rows);
    const since = addMs(now, -HOUR_MS);
    if (rows.some(({ used_at }) => used_at < since)) {
      await db.execute(sql`
        update logs.segment_groups set used_at = ${now}::timestamptz
        where (segment, key) in ${asked} and used_at < ${since}::timestamptz`);
    }
    return rows;
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

const rowSchema = z.object({
  segment: z.coerce.number(),
  key: z.string(),
  groups: z.string(),
  used_at: z.coerce.date(),
});
