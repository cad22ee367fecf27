import { sql } from "drizzle-orm";
import { z } from "zod";
import { notFound, unavailable } from "@/core/errors";
import { isoOfMicros } from "@/core/micros";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import { ENTRY_COLUMNS, entryOf, entryRowSchema } from "./entry-row";
import { EVERYTHING } from "./query/query-tree";
import type { Entry } from "./schemas";
import { sealedScopeOf, searchSealed } from "./sealed";

/** Time and number of an id. @throws Fault not_found for text that is no id, as no entry has it */
export function readEntryId(id: string): { micros: number; number: string } {
  const found = /^(\d{1,16})-(\d{1,19})$/.exec(id);
  if (!found?.[1] || !found[2]) throw notFound(`there is no entry ${id.slice(0, 50)}`);
  return { micros: Number(found[1]), number: found[2] };
}

/** @throws Fault not_found; unavailable when what may have it can't be read */
export async function getEntry(context: EntriesContext, id: string): Promise<Entry> {
  const { micros, number } = readEntryId(id);
  const { rows, segments } = await context.db.transaction(async (transaction) => {
    const result = await transaction.execute(sql`
        select ${ENTRY_COLUMNS} from logs.logs where timestamp = ${isoOfMicros(micros)}::timestamptz and id = ${number}::numeric`);
    const ms = Math.floor(micros / 1_000);
    return {
      rows: z.array(entryRowSchema).parse(result.rows),
      segments: await listSegments(transaction, new Date(ms), new Date(ms + 1)),
    };
  }, ONE_SNAPSHOT);
  if (rows[0]) return entryOf(rows[0]);
  const scope = sealedScopeOf(EVERYTHING, undefined);
  const missing = new Missing();
  const search = {
    missing,
    segments,
    scope,
    span: { from: micros, to: micros + 1 },
    also: sql`id = ${number}::hugeint`,
    limit: 1,
  };
  for await (const found of searchSealed(context, { ...search, order: "newest first" })) {
    if (found.rows[0]) return entryOf(found.rows[0]);
  }
  const [lost] = missing.told().missing_segments;
  if (lost)
    throw unavailable(`the entry ${id} may be in the segment ${lost.path}, which can't be read: it is ${lost.reason}`);
  throw notFound(`there is no entry ${id}`);
}
