import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo } from "@/core/clock";
import type { Level } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { addSegment, newSegmentFile } from "./add-segment";
import { deleteSegments, findSegment, listSegments, type Segment } from "./catalogue";
import { changeCatalogue } from "./change-catalogue";
import { areSplit } from "./choose-span";
import { type Duck, entriesOf } from "./duck";
import { hiddenCondition } from "./hidden";
import { type HeldRead, holdFiles, withoutDamaged } from "./read/hold-files";
import { Missing } from "./read/missing";
import type { SealContext } from "./seal-context";
import { SEGMENT_SIZE, type SegmentSize } from "./segment-size";
import { Unreadable } from "./store/unreadable";
import { hashOf } from "./write/check-content";
import { checksumOf, ENTRY_COLUMNS } from "./write/write-file";
import { rewriteEntries } from "./write/write-segments";

/** A day may have so many segments that are not full. */
const MOST_SMALL = 4;
const SEVERE_LEVELS: readonly Level[] = ["error", "fatal"];
const IS_SEVERE = sql`levels <@ ${sql.param([...SEVERE_LEVELS])}::logs.level[]`;
const isReadable = (passedOver: ReadonlySet<number>) => sql`
  (id <> all(${sql.param([...passedOver])}::bigint[])
    and not exists (select from logs.segment_checks where segment = segments.id and problem is not null))`;

/**
 * Makes few segments of many small ones, day by day, as late lines and quiet services leave them, and leaves out what is hidden of
 * segments of which much is, or for long. In one transaction the catalogue names the new file instead of the old ones; those are
 * removed later (remove-orphans.ts). A segment that can't be read does not keep the others.
 * @param size of one segment; one of more than half of it is left as it is
 * @returns how many were joined or written anew
 * @throws Unreadable when the store is away
 */
export async function joinSegments(context: SealContext, size: SegmentSize = SEGMENT_SIZE): Promise<number> {
  let joined = 0;
  const passedOver = new Set<number>();
  const choosing = { ...context, size, passedOver };
  const choose = async () => (await chooseHidden(choosing)) ?? (await chooseGroup(choosing));
  for (let group = await choose(); group; group = await choose()) {
    const { isJoined, unreadable } = await joinGroup(context, group);
    if (isJoined) joined += group.length;
    for (const { id } of unreadable) passedOver.add(id);
  }
  return joined;
}

type Choosing = SealContext & {
  size: SegmentSize;
  /** Could not be read in this run; what is known of them may be that they can be. */
  passedOver: ReadonlySet<number>;
};

/**
 * Small segments of one day that can be read as far as is known, together not more than one segment takes, those of severe entries alone
 * for themselves; null when no day has many.
 */
async function chooseGroup({ db, size, passedOver }: Choosing): Promise<Segment[] | null> {
  const small: SegmentSize = { entries: size.entries / 2, textBytes: size.textBytes / 2 };
  const result = await db.execute(sql`
    select date_bin('1 day', first_timestamp, timestamptz 'epoch') as day, ${IS_SEVERE} as is_severe from logs.segments
    where rows - hidden_rows < ${small.entries}::float8 and coalesce(text_bytes, 0) < ${small.textBytes}::float8 and ${isReadable(passedOver)}
    group by 1, 2 having count(*) > ${MOST_SMALL} order by 1, 2 limit 1`);
  const [many] = z.array(z.object({ day: z.coerce.date(), is_severe: z.boolean() })).parse(result.rows);
  if (!many) return null;
  const { is_severe } = many;
  const day = floorTo(many.day, DAY_MS);
  const found = (await listSegments(db, day, addMs(day, DAY_MS)))
    .filter((segment) => keptRows(segment) < small.entries && textBytesOf(segment) < small.textBytes)
    .filter(({ id, problem }) => problem === null && !passedOver.has(id))
    .filter(({ levels }) => levels.every((level) => SEVERE_LEVELS.includes(level)) === is_severe)
    .sort((a, b) => keptRows(a) - keptRows(b));
  const group = fitting(found, size);
  return group.length > 1 ? group : null;
}

/** Segments of one day of which it is worth to leave out what is hidden; null when there are none. */
async function chooseHidden({ db, clock, size, passedOver }: Choosing): Promise<Segment[] | null> {
  const result = await db.execute(sql`
    select id, date_bin('1 day', first_timestamp, timestamptz 'epoch') as day from logs.segments
    where ${isReadable(passedOver)} and
      (hidden_rows >= rows * ${LIMITS.hiddenShare}::float8 or hidden_since < ${addMs(clock.now(), -LIMITS.hiddenMs)}::timestamptz)
    order by 2`);
  const found = z.array(z.object({ id: z.coerce.number(), day: z.coerce.date() })).parse(result.rows);
  const [first] = found;
  if (!first) return null;
  const ids = new Set(found.map(({ id }) => id));
  const ofDay = await listSegments(db, first.day, addMs(first.day, DAY_MS));
  return fitting(ofDay.filter(({ id }) => ids.has(id)).reverse(), size);
}

const keptRows = ({ rows, hiddenRows }: Segment) => rows - hiddenRows;

/** Also of what is hidden, as how much of it that is takes reading it. Those of versions that did not count are not known to be large. */
const textBytesOf = ({ textBytes }: Segment) => textBytes ?? 0;

/** The first that fit into one segment, or the first alone: sealed are whole seconds (choose-span.ts), so one may have more than fits. */
function fitting(segments: readonly Segment[], size: SegmentSize): Segment[] {
  const group: Segment[] = [];
  let [rows, textBytes] = [0, 0];
  for (const segment of segments) {
    rows += keptRows(segment);
    textBytes += textBytesOf(segment);
    if (group.length > 0 && (rows > size.entries || textBytes > size.textBytes)) break;
    group.push(segment);
  }
  return group;
}

type Joined = { isJoined: boolean; unreadable: readonly Segment[] };

/** Nothing is joined when some of them can't be read, or have changed. @throws Unreadable when the store is away */
async function joinGroup(context: SealContext, group: readonly Segment[]): Promise<Joined> {
  const missing = new Missing();
  const reads = group.map((segment) => ({ segment, spans: [] }));
  const held = await holdFiles(context, reads, missing, undefined);
  const unreadable = (): Joined => {
    const { state } = context.segments.store;
    if (!state.reachable) throw new Unreadable("away", state.reason);
    const known = group.filter((segment) => missing.has(segment));
    // Else damaged copies were dropped: the next run reads new ones.
    return { isJoined: false, unreadable: known.length > 0 ? known : group };
  };
  try {
    if (held.length < group.length) return unreadable();
    return { isJoined: await joinHeld(context, held), unreadable: [] };
  } catch (error) {
    if (held.length < group.length || (await withoutDamaged(context, held, missing)) === null) throw error;
    return unreadable();
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
  const { duck } = segments;
  const from = new Date(Math.floor(Math.min(...group.map(({ firstMicros }) => firstMicros)) / 1_000));
  // The lock alone keeps the catalogue as it is read here. Checks and results of these segments, which others write meanwhile, go with them.
  const isJoined = await changeCatalogue(
    pool,
    async (transaction) => {
      for (const segment of group) {
        const now = await findSegment(transaction, segment.id);
        if (now?.hiddenRows !== segment.hiddenRows || JSON.stringify(now.hidden) !== JSON.stringify(segment.hidden))
          return false;
      }
      const entries = await keptOf(held);
      const expected = await hashOf(duck, sql`(${entries})`);
      const rows = group.reduce((sum, segment) => sum + keptRows(segment), 0);
      if (expected.rows !== BigInt(rows))
        throw new Error(`${expected.rows} entries are not hidden where ${rows} should be`);
      const splits = areSplit(rows, await countSevere(duck, entries));
      const written = await rewriteEntries(
        { duck, newFile: () => newSegmentFile(segments, from), splits, blockEntries: LIMITS.blockEntries },
        entries,
      );
      const joined = await hashOf(duck, entriesOf(written.map(({ file }) => file)));
      if (joined.rows !== expected.rows || joined.hash !== expected.hash) {
        throw new Error("what was joined is not what had been sealed");
      }
      for (const segment of written) await addSegment(context, transaction, segment);
      await deleteSegments(
        transaction,
        group.map(({ id }) => id),
      );
      onStep?.("catalogued");
      return true;
    },
    "read committed",
  );
  if (isJoined) onStep?.("committed");
  return isJoined;
}

/** What of segments counts, as a statement that gives ENTRY_COLUMNS. @throws Error when a file is not what was stored */
async function keptOf(held: readonly HeldRead[]): Promise<SQL> {
  const parts: SQL[] = [];
  for (const { segment, held: kept } of held) {
    if ((await checksumOf(kept.file)) !== segment.checksum) throw new Error(`${segment.path} is not what was stored`);
    const hidden = segment.hidden ? sql`where not ${hiddenCondition(segment.hidden)}` : sql``;
    parts.push(sql`select ${ENTRY_COLUMNS} from ${entriesOf([kept.file])} ${hidden}`);
  }
  return sql.join(parts, sql` union all `);
}

async function countSevere(duck: Duck, entries: SQL): Promise<number> {
  const counted = sql`select count(*) as severe from (${entries}) where level in ('error', 'fatal')`;
  const [found] = await duck.read(counted, z.object({ severe: z.bigint() }));
  return Number(found?.severe ?? 0);
}
