import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { generate } from "@/core/generate";
import { LIMITS } from "@/core/limits";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema } from "../entry-row";
import { type Sought, scopeOf } from "../scope";
import { type ExportWindow, findWindow } from "./find-window";
import { type ExportFormat, FORMATS } from "./formats";

/**
 * Everything that a search finds, newest first, as text in small pieces, so that memory holds one however many there are.
 * Takes as long as it takes: window by window, each sorted once and read by a cursor of the database.
 */
export async function* exportLogs(context: Context, sought: Sought, format: ExportFormat): AsyncGenerator<string> {
  const { head, rows } = FORMATS[format];
  yield head;
  for await (const batch of readAll(context, sought)) yield rows(batch.map(entryOf));
}

async function* readAll({ db }: Context, sought: Sought): AsyncGenerator<EntryRow[]> {
  const { condition, required } = await scopeOf(db, sought);
  let end = sought.to;
  while (end > sought.from) {
    const window = await findWindow(db, required, sought.from, end);
    if (!window) return;
    yield* readWindow(db, condition, window, sought.signal);
    end = window.start;
  }
}

const readWindow = (
  db: Context["db"],
  condition: Awaited<ReturnType<typeof scopeOf>>["condition"],
  { start, end }: ExportWindow,
  signal: AbortSignal | undefined,
) =>
  generate<EntryRow[]>((give) =>
    db.transaction(
      async (transaction) => {
        await transaction.execute(sql`
          declare exported no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
          where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz and ${condition}
          order by timestamp desc, id desc`);
        for (;;) {
          signal?.throwIfAborted();
          const result = await transaction.execute(sql`fetch ${sql.raw(String(LIMITS.exportBatch))} from exported`);
          const batch = z.array(entryRowSchema).parse(result.rows);
          if (batch.length > 0) await give(batch);
          if (batch.length < LIMITS.exportBatch) return;
        }
      },
      { accessMode: "read only" },
    ),
  );
