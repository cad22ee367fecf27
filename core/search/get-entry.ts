import { sql } from "drizzle-orm";
import { z } from "zod";
import { SECOND_MS } from "@/core/clock";
import { notFound, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import type { TimeLimit } from "@/core/within-time";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema } from "./entry-row";
import { EVERYTHING } from "./query/query-tree";
import type { Entry } from "./schemas";
import { sealedScopeOf, searchSealed } from "./sealed";
import { withDeadline } from "./with-deadline";

/** Time and number of an id. @throws Fault not_found for text that is no id, as no entry has it */
export function readEntryId(id: string): { micros: number; number: string } {
  const found = /^(\d{1,16})-(\d{1,19})$/.exec(id);
  if (!found?.[1] || !found[2]) throw notFound(`there is no entry ${id.slice(0, 50)}`);
  return { micros: Number(found[1]), number: found[2] };
}

/**
 * @param limit absent: LIMITS.searchMs
 * @throws Fault not_found; unavailable when what may have it can't be read, or not in time; too_busy when too many searches wait
 */
export async function getEntry(
  context: EntriesContext,
  id: string,
  { withinMs = LIMITS.searchMs, signal }: Partial<TimeLimit> = {},
): Promise<Entry> {
  const { clock, turns, segments: sealed } = context;
  const { micros, number } = readEntryId(id);
  const missing = new Missing();
  let row: EntryRow | undefined;
  for (const one of [turns.quick, sealed.duck.turns]) one.admit();
  const deadline = clock.now().getTime() + withinMs;
  const { isInTime } = await withDeadline(context, deadline, signal, async (read, ended) => {
    const { rows, segments } = await read(turns.quick, async (transaction) => {
      const result = await transaction.execute(sql`
        select ${ENTRY_COLUMNS} from logs.logs where timestamp = ${isoOfMicros(micros)}::timestamptz and id = ${number}::numeric`);
      const ms = Math.floor(micros / 1_000);
      return {
        rows: z.array(entryRowSchema).parse(result.rows),
        segments: await listSegments(transaction, new Date(ms), new Date(ms + 1)),
      };
    });
    row = rows[0];
    if (row) return;
    const search = {
      missing,
      segments,
      scope: sealedScopeOf(EVERYTHING, undefined),
      span: { from: micros, to: micros + 1 },
      also: sql`id = ${number}::hugeint`,
      limit: 1,
      signal: ended,
    };
    for await (const found of searchSealed(context, { ...search, order: "newest first" })) {
      row = found.rows[0];
      if (row) return;
    }
  });
  if (row) return entryOf(row);
  if (!isInTime) throw unavailable(`the entry ${id} was not found within ${withinMs / SECOND_MS} seconds; ask again`);
  const [lost] = missing.told().missing_segments;
  if (lost)
    throw unavailable(`the entry ${id} may be in the segment ${lost.path}, which can't be read: it is ${lost.reason}`);
  throw notFound(`there is no entry ${id}`);
}
