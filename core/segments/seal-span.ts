import { sql } from "drizzle-orm";
import { addSegment, newSegmentFile } from "./add-segment";
import { changeCatalogue } from "./change-catalogue";
import type { SealSpan } from "./choose-span";
import type { SealContext } from "./seal-context";
import { writeEntries } from "./write/write-file";

/**
 * Moves the entries of a span from PostgreSQL into a segment. One transaction sees one state of them: it reads them, writes and
 * checks the file, names it in the catalogue and deletes just what it has read. What comes in meanwhile it neither sees nor
 * deletes. So every reader finds each entry once, whenever the process ends.
 * @returns how many entries were sealed
 * @throws Error when the file is not exactly what was read, and then nothing has changed
 */
export async function sealSpan(context: SealContext, span: SealSpan): Promise<number> {
  const { pool, segments, onStep } = context;
  const made = newSegmentFile(segments, span.from);
  const sealed = await changeCatalogue(pool, async (transaction, client) => {
    const { blocks, ...written } = await writeEntries(segments.duck, client, span, made.file);
    onStep?.("written");
    if (written.rows === 0) throw new Error("there are no entries in the time that was to be sealed");
    await addSegment(context, transaction, made, written, blocks);
    onStep?.("catalogued");
    const { rowCount } = await transaction.execute(sql`
      delete from logs.logs where timestamp >= ${span.from}::timestamptz and timestamp < ${span.to}::timestamptz`);
    if (rowCount !== written.rows) throw new Error(`${written.rows} entries were sealed and ${rowCount} taken out`);
    onStep?.("taken out");
    return written.rows;
  });
  onStep?.("committed");
  return sealed;
}
