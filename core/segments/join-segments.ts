import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { addSegment, newSegmentFile } from "./add-segment";
import { deleteSegments, listSegments, readBlocks, type Segment } from "./catalogue";
import { changeCatalogue } from "./change-catalogue";
import { entriesOf } from "./duck";
import type { SealContext } from "./seal-context";
import { unitedFilters } from "./word-filter";
import type { Block } from "./write/rows-watcher";
import { finishFile, writeParquet } from "./write/write-file";

/** A day may have so many segments that are not full. */
const MOST_SMALL = 4;
/** One with more entries is left as it is. */
const SMALL_ENTRIES = LIMITS.segmentEntries / 2;

/**
 * Makes few segments of many small ones, day by day, as late lines and quiet services leave them. In one transaction the catalogue
 * names the new file instead of the old ones; those are removed later (remove-orphans.ts).
 * @returns how many were joined
 */
export async function joinSegments(context: SealContext): Promise<number> {
  let joined = 0;
  for (let group = await chooseGroup(context); group; group = await chooseGroup(context)) {
    await joinGroup(context, group);
    joined += group.length;
  }
  return joined;
}

/** Small segments of one day, together not more than one segment takes; null when no day has many. */
async function chooseGroup({ db }: SealContext): Promise<Segment[] | null> {
  const result = await db.execute(sql`
    select date_bin('1 day', first_timestamp, timestamptz 'epoch') as day from logs.segments
    where rows < ${SMALL_ENTRIES} group by 1 having count(*) > ${MOST_SMALL} order by 1 limit 1`);
  const [found] = z.array(z.object({ day: z.coerce.date() })).parse(result.rows);
  if (!found) return null;
  const day = floorTo(found.day, DAY_MS);
  const small = (await listSegments(db, day, addMs(day, DAY_MS)))
    .filter(({ rows }) => rows < SMALL_ENTRIES)
    .sort((a, b) => a.rows - b.rows);
  const group: Segment[] = [];
  let rows = 0;
  for (const segment of small) {
    rows += segment.rows;
    if (rows > LIMITS.segmentEntries) break;
    group.push(segment);
  }
  return group.length > 1 ? group : null;
}

async function joinGroup(context: SealContext, group: readonly Segment[]): Promise<void> {
  const { pool, segments, onStep } = context;
  const firstMicros = Math.min(...group.map((segment) => segment.firstMicros));
  const made = newSegmentFile(segments, new Date(Math.floor(firstMicros / 1_000)));
  await changeCatalogue(pool, async (transaction) => {
    const rows = group.reduce((sum, segment) => sum + segment.rows, 0);
    const contentSum = group.reduce((sum, segment) => sum + BigInt(segment.contentSum), 0n).toString();
    const files: string[] = [];
    for (const segment of group) files.push(await segments.store.localFileOf(segment.path));
    await writeParquet(segments.duck, made.file, sql`select * from ${entriesOf(files)}`);
    const written = await finishFile(segments.duck, made.file, rows, contentSum);
    const ids = group.map(({ id }) => id);
    await addSegment(context, transaction, made, written, unitedBlocks(await readBlocks(transaction, ids)));
    await deleteSegments(transaction, ids);
    onStep?.("catalogued");
  });
  onStep?.("committed");
}

/** Blocks as they were, but for small ones that follow one another, which become one. They may overlap. */
function unitedBlocks(blocks: readonly Block[]): Block[] {
  const united: Block[] = [];
  for (const block of [...blocks].sort((a, b) => a.firstMicros - b.firstMicros)) {
    const last = united.at(-1);
    if (last && last.rows + block.rows <= LIMITS.blockEntries) {
      last.lastMicros = Math.max(last.lastMicros, block.lastMicros);
      last.rows += block.rows;
      last.words = unitedFilters(last.words, block.words);
    } else united.push({ ...block });
  }
  return united;
}
