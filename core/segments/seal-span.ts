import { sql } from "drizzle-orm";
import { LIMITS } from "@/core/limits";
import { addSegment, newSegmentFile } from "./add-segment";
import { changeCatalogue } from "./change-catalogue";
import type { SealSpan } from "./choose-span";
import type { SealContext } from "./seal-context";
import { writeEntries } from "./write/write-segments";

/**
 * Moves the entries of a span from PostgreSQL into a segment. One transaction sees one state of them: it reads them, writes and
 * checks the file, names it in the catalogue and deletes just what it has read. What comes in meanwhile it neither sees nor
 * deletes. So every reader finds each entry once, whenever the process ends.
 * @returns how many entries were sealed, into how many segments
 * @throws Error when the file is not exactly what was read, and then nothing has changed
 */
export async function sealSpan(
  context: SealContext,
  span: SealSpan,
  blockEntries: number = LIMITS.blockEntries,
): Promise<{ entries: number; segments: number }> {
  const { pool, segments, onStep } = context;
  const { from, to, splits } = span;
  const writing = { duck: segments.duck, newFile: () => newSegmentFile(segments, from), splits, blockEntries };
  const sealed = await changeCatalogue(pool, async (transaction, client) => {
    const written = await writeEntries(writing, client, span);
    onStep?.("written");
    const entries = written.reduce((sum, { rows }) => sum + rows, 0);
    if (entries === 0) throw new Error("there are no entries in the time that was to be sealed");
    for (const segment of written) await addSegment(context, transaction, segment);
    onStep?.("catalogued");
    const { rowCount } = await transaction.execute(sql`
      delete from logs.logs where timestamp >= ${from}::timestamptz and timestamp < ${to}::timestamptz`);
    if (rowCount !== entries) throw new Error(`${entries} entries were sealed and ${rowCount} taken out`);
    onStep?.("taken out");
    return { entries, segments: written.length };
  });
  onStep?.("committed");
  return sealed;
}
