import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { addSegment, newSegmentFile } from "./add-segment";
import { deleteSegments, findSegment, listSegments, readBlocks, type Segment } from "./catalogue";
import { changeCatalogue } from "./change-catalogue";
import { type Duck, entriesOf } from "./duck";
import { hiddenCondition } from "./hidden";
import { type HeldRead, holdFiles, withoutDamaged } from "./read/hold-files";
import { Missing } from "./read/missing";
import type { SealContext } from "./seal-context";
import { Unreadable } from "./store/unreadable";
import type { Block } from "./write/rows-watcher";
import { checkContent, ENTRY_COLUMNS, readContent, rewriteEntries } from "./write/write-file";

/** A day may have so many segments that are not full. */
const MOST_SMALL = 4;
/** One with more entries is left as it is. */
const SMALL_ENTRIES = LIMITS.segmentEntries / 2;
const IS_READABLE = sql`not exists (select from logs.segment_checks where segment = segments.id and problem is not null)`;

/**
 * Makes few segments of many small ones, day by day, as late lines and quiet services leave them, and leaves out what is hidden of
 * segments of which much is, or for long. In one transaction the catalogue names the new file instead of the old ones; those are
 * removed later (remove-orphans.ts).
 * @returns how many were joined or written anew
 */
export async function joinSegments(context: SealContext): Promise<number> {
  let joined = 0;
  const choose = async () => (await chooseHidden(context)) ?? (await chooseGroup(context));
  for (let group = await choose(); group; group = await choose()) {
    if (await joinGroup(context, group)) joined += group.length;
  }
  return joined;
}

/** Small segments of one day that can be read as far as is known, together not more than one segment takes; null when no day has many. */
async function chooseGroup({ db }: SealContext): Promise<Segment[] | null> {
  const result = await db.execute(sql`
    select date_bin('1 day', first_timestamp, timestamptz 'epoch') as day from logs.segments
    where rows - hidden_rows < ${SMALL_ENTRIES} and ${IS_READABLE} group by 1 having count(*) > ${MOST_SMALL} order by 1 limit 1`);
  const [found] = z.array(z.object({ day: z.coerce.date() })).parse(result.rows);
  if (!found) return null;
  const day = floorTo(found.day, DAY_MS);
  const small = (await listSegments(db, day, addMs(day, DAY_MS)))
    .filter((segment) => keptRows(segment) < SMALL_ENTRIES && segment.problem === null)
    .sort((a, b) => keptRows(a) - keptRows(b));
  const group = fitting(small);
  return group.length > 1 ? group : null;
}

/** Segments of one day of which it is worth to leave out what is hidden; null when there are none. */
async function chooseHidden({ db, clock }: SealContext): Promise<Segment[] | null> {
  const result = await db.execute(sql`
    select id, date_bin('1 day', first_timestamp, timestamptz 'epoch') as day from logs.segments
    where ${IS_READABLE} and
      (hidden_rows >= rows * ${LIMITS.hiddenShare}::float8 or hidden_since < ${addMs(clock.now(), -LIMITS.hiddenMs)}::timestamptz)
    order by 2`);
  const found = z.array(z.object({ id: z.coerce.number(), day: z.coerce.date() })).parse(result.rows);
  const [first] = found;
  if (!first) return null;
  const ids = new Set(found.map(({ id }) => id));
  const ofDay = await listSegments(db, first.day, addMs(first.day, DAY_MS));
  return fitting(ofDay.filter(({ id }) => ids.has(id)).reverse());
}

const keptRows = ({ rows, hiddenRows }: Segment) => rows - hiddenRows;

/** The first that fit into one segment. */
function fitting(segments: readonly Segment[]): Segment[] {
  const group: Segment[] = [];
  let rows = 0;
  for (const segment of segments) {
    rows += keptRows(segment);
    if (rows > LIMITS.segmentEntries) break;
    group.push(segment);
  }
  return group;
}

/** @returns false when some of them can't be read, which is known then, or have changed. @throws Unreadable when the store is away */
async function joinGroup(context: SealContext, group: readonly Segment[]): Promise<boolean> {
  const missing = new Missing();
  const reads = group.map((segment) => ({ segment, spans: [] }));
  const held = await holdFiles(context, reads, missing, undefined);
  try {
    const [lost] = missing.told().missing_segments;
    if (lost?.reason === "away") throw new Unreadable("away", `${lost.path} can't be read: the store is away`);
    if (lost) return false;
    return await joinHeld(context, held);
  } catch (error) {
    const isDamaged = held.length === group.length && (await withoutDamaged(context, held, missing)) !== null;
    if (isDamaged) return false;
    throw error;
  } finally {
    for (const { held: file } of held) file.release();
  }
}

/**
 * @returns false when retention has changed one of them since it was chosen, and then nothing is joined
 * @throws Error when the new file has not exactly what counts of the old ones
 */
async function joinHeld(context: SealContext, held: readonly HeldRead[]): Promise<boolean> {
  const { pool, segments, onStep } = context;
  const group = held.map(({ segment }) => segment);
  const firstMicros = Math.min(...group.map((segment) => segment.firstMicros));
  const made = newSegmentFile(segments, new Date(Math.floor(firstMicros / 1_000)));
  const isJoined = await changeCatalogue(pool, async (transaction) => {
    for (const segment of group) {
      const now = await findSegment(transaction, segment.id);
      if (now?.hiddenRows !== segment.hiddenRows || JSON.stringify(now.hidden) !== JSON.stringify(segment.hidden))
        return false;
    }
    let contentSum = 0n;
    const parts: SQL[] = [];
    for (const { segment, held: file } of held) {
      contentSum += segment.hidden ? await sumOfKept(segments.duck, segment, file.file) : BigInt(segment.contentSum);
      parts.push(sql`select ${ENTRY_COLUMNS} from ${keptOf(segment, file.file)}`);
    }
    const ids = group.map(({ id }) => id);
    const starts = startsOf(await readBlocks(transaction, ids));
    const { blocks, ...written } = await rewriteEntries(
      segments.duck,
      sql.join(parts, sql` union all `),
      starts,
      made.file,
    );
    if (written.contentSum !== contentSum.toString()) throw new Error("what was joined is not what had been sealed");
    await addSegment(context, transaction, made, written, blocks);
    await deleteSegments(transaction, ids);
    onStep?.("catalogued");
    return true;
  });
  if (isJoined) onStep?.("committed");
  return isJoined;
}

/** What of a segment counts, as a table. */
const keptOf = ({ hidden }: Segment, file: string): SQL =>
  hidden ? sql`(select * from ${entriesOf([file])} where not ${hiddenCondition(hidden)})` : entriesOf([file]);

/** @throws Error when the file is not what the catalogue says, or hides another number of entries */
async function sumOfKept(duck: Duck, segment: Segment, file: string): Promise<bigint> {
  await checkContent(duck, file, segment);
  const kept = await readContent(duck, keptOf(segment, file));
  if (kept.rows !== keptRows(segment)) {
    throw new Error(`${kept.rows} entries of ${segment.path} are not hidden where ${keptRows(segment)} should be`);
  }
  return BigInt(kept.contentSum);
}

/** Where blocks begin: where they did, but for small ones that follow one another, which become one. */
function startsOf(blocks: readonly Block[]): number[] {
  const starts: number[] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const block of [...blocks].sort((a, b) => a.firstMicros - b.firstMicros)) {
    if (rows + block.rows > LIMITS.blockEntries) {
      starts.push(block.firstMicros);
      rows = 0;
    }
    rows += block.rows;
  }
  return starts;
}
