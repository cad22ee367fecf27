import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS } from "@/core/clock";
import { LEVELS } from "@/core/levels";
import { microsToSql } from "@/core/search/entry-row";
import { deleteSegments, findSegment, hideInSegment, listSegments } from "@/core/segments/catalogue";
import { changeCatalogue } from "@/core/segments/change-catalogue";
import { entriesOf } from "@/core/segments/duck";
import { type Hidden, hiddenCondition, hides, levelsCondition, unionOf, withinSegment } from "@/core/segments/hidden";
import { noteCheck } from "@/core/segments/note-check";
import { withoutDamaged } from "@/core/segments/read/hold-files";
import { Missing } from "@/core/segments/read/missing";
import type { SealContext } from "@/core/segments/seal-context";
import { isUnreadable } from "@/core/segments/store/unreadable";
import { type GoneCount, takeOutOfCounts } from "./take-out-of-counts";

/** What happened to entries of a segment; a test ends the process there. */
export type ExpireContext = SealContext & { onExpire?: (step: "read" | "hidden" | "counted") => void };

export type Expired = {
  entries: number;
  /** Of segments that could not be read, and so have their entries still. */
  errors: Error[];
};

/**
 * Removes some entries of a UTC day with their counts by the minute: those in the database at once, those that are sealed by hiding
 * them in their segment, which goes when nothing is left of it. A transaction for what is in the database and one a segment, during
 * which nothing is sealed or joined. A segment that can't be read does not keep the others.
 */
export async function expireEntries(context: ExpireContext, day: Date, gone: Hidden): Promise<Expired> {
  const expired: Expired = { entries: await expireHot(context, day, gone), errors: [] };
  for (const segment of await listSegments(context.db, day, addMs(day, DAY_MS))) {
    const due = withinSegment(gone, segment);
    if (due === null || hides(segment.hidden, due)) continue;
    try {
      expired.entries += await expireSealed(context, segment.id, due);
    } catch (error) {
      if (isUnreadable(error) && error.reason !== "away") await noteCheck(context, segment.id, error.reason);
      expired.errors.push(new Error(`entries of ${segment.path} could not be removed`, { cause: error }));
    }
  }
  return expired;
}

const goneSchema = z.object({
  bucket: z.coerce.date(),
  service: z.string(),
  level: z.enum(LEVELS),
  count: z.number(),
});

async function expireHot({ db, pool }: SealContext, day: Date, { before, levels }: Hidden): Promise<number> {
  const ofLevels = levelsCondition(levels) ?? sql`false`;
  const isGone = before === null ? ofLevels : sql`(timestamp < ${microsToSql(before)} or ${ofLevels})`;
  const which = sql`timestamp >= ${day}::timestamptz and timestamp < ${addMs(day, DAY_MS)}::timestamptz and ${isGone}`;
  const { rows } = await db.execute(sql`select from logs.logs where ${which} limit 1`);
  if (rows.length === 0) return 0;
  return changeCatalogue(
    pool,
    async (transaction) => {
      const result = await transaction.execute(sql`
        with gone as (delete from logs.logs where ${which} returning timestamp, service, level)
        select date_bin('1 minute', timestamp, timestamptz 'epoch') as bucket, service, level, count(*)::int as count
        from gone group by 1, 2, 3`);
      return takeOut(transaction, z.array(goneSchema).parse(result.rows));
    },
    "read committed",
  );
}

const sealedSchema = z
  .object({ bucket: z.bigint(), service: z.string(), level: z.enum(LEVELS), count: z.bigint() })
  .transform(
    ({ bucket, count, ...of }): GoneCount => ({ ...of, bucket: new Date(Number(bucket)), count: Number(count) }),
  );

function expireSealed(context: ExpireContext, id: number, due: Hidden): Promise<number> {
  const { pool, segments, clock, onExpire } = context;
  return changeCatalogue(
    pool,
    async (transaction) => {
      const segment = await findSegment(transaction, id);
      // Joined meanwhile: the next run finds the one that has its entries.
      if (!segment) return 0;
      const held = await segments.store.hold(segment);
      const known = segment.hidden ? sql`and not ${hiddenCondition(segment.hidden)}` : sql``;
      const gone = await segments.duck
        .read(
          sql`
            select epoch_ms(date_trunc('minute', "timestamp")) as bucket, service, level, count(*) as count
            from ${entriesOf([held.file])} where ${hiddenCondition(due)} ${known} group by all`,
          sealedSchema,
        )
        .catch(async (error: unknown) => {
          // Noted, if it is the file's fault.
          await withoutDamaged(context, [{ segment, spans: [], held }], new Missing());
          throw error;
        })
        .finally(held.release);
      onExpire?.("read");
      const more = gone.reduce((sum, { count }) => sum + count, 0);
      if (segment.hiddenRows + more === segment.rows) await deleteSegments(transaction, [id]);
      else {
        const hidden = unionOf(segment.hidden, due);
        await hideInSegment(transaction, id, { hidden, more, now: clock.now() });
      }
      onExpire?.("hidden");
      const taken = await takeOut(transaction, gone);
      onExpire?.("counted");
      return taken;
    },
    "read committed",
  );
}

async function takeOut(
  transaction: Parameters<typeof takeOutOfCounts>[0],
  gone: readonly GoneCount[],
): Promise<number> {
  await takeOutOfCounts(transaction, gone);
  return gone.reduce((sum, { count }) => sum + count, 0);
}
