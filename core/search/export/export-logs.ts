import { sql } from "drizzle-orm";
import { z } from "zod";
import { SECOND_MS } from "@/core/clock";
import { unavailable } from "@/core/errors";
import { generate } from "@/core/generate";
import { LIMITS } from "@/core/limits";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import type { EntriesContext } from "@/core/segments/segments";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import { waitAtMost } from "@/core/wait-at-most";
import { ENTRY_COLUMNS, type EntryRow, entryOf, entryRowSchema, newestFirst } from "../entry-row";
import { type Scope, type Sought, scopeOf } from "../scope";
import { streamSealed, streamSealedLines } from "../sealed";
import { type ExportWindow, findWindow } from "./find-window";
import { type ExportFormat, FORMATS } from "./formats";
import { TakePace } from "./take-pace";

type ExportOptions = {
  /** Whose it is, of whom each may have so many at once; null: as many as there are places. */
  owner?: string | null;
  /** When nobody has taken a piece for so long, it gives back what it holds, and fails; null: never, however slowly it is taken. */
  idleMs?: number | null;
  pace?: TakePace;
  /** Takes down what can't be read, for who asks afterwards. */
  missing?: Missing;
};

/**
 * Everything that a search finds, newest first, as text in small pieces, so that memory holds one however many there are;
 * and, when segments that may have some can't be read, at its end which.
 * Takes as long as it takes: window by window, each sorted once and read by a cursor of the database, and of what is sealed in pieces.
 * Where many export, it begins when it is its turn.
 * @throws Fault too_busy when too many wait or the owner has too many, unavailable when nobody took a piece for too long, or too little over minutes
 */
export async function* exportLogs(
  context: EntriesContext,
  sought: Sought,
  format: ExportFormat,
  { owner = null, idleMs = LIMITS.exportIdleMs, pace = new TakePace(), missing = new Missing() }: ExportOptions = {},
): AsyncGenerator<string> {
  const { exports, exportsOfOne } = context.turns;
  exports.admit();
  const giveBack = owner === null ? () => undefined : exportsOfOne.take(owner);
  const { head, incomplete } = FORMATS[format];
  const read = async (give: (piece: string) => Promise<void>) => {
    for await (const text of readAll(context, sought, format, missing)) {
      for (const piece of piecesOf(text)) {
        const began = performance.now();
        await withinIdle(give(piece), idleMs);
        if (idleMs !== null) pace.took(piece.length, performance.now() - began);
      }
    }
  };
  try {
    yield head;
    // Given back when reading ends, as one who takes nothing any more never asks for what comes after it.
    yield* generate<string>((give) => exports.run(sought.signal, () => read(give)).finally(giveBack));
  } finally {
    giveBack();
  }
  if (!missing.isNothing) yield incomplete(missing.told());
}

/** A text in pieces of whole lines: one, or as many as fit. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const fits = text.lastIndexOf("\n", at + LIMITS.exportPiece - 1);
    const end = fits >= at ? fits : text.indexOf("\n", at);
    yield text.slice(at, end < 0 ? text.length : end + 1);
    at = end < 0 ? text.length : end + 1;
  }
}

/** Waits until a piece is taken. @throws Fault unavailable when that takes too long */
async function withinIdle(taken: Promise<void>, idleMs: number | null): Promise<void> {
  if (idleMs === null) return taken;
  const seconds = idleMs / SECOND_MS;
  await waitAtMost(taken, idleMs, () => unavailable(`nobody took a piece of the export for ${seconds} seconds`));
}

async function* readAll(
  context: EntriesContext,
  sought: Sought,
  format: ExportFormat,
  missing: Missing,
): AsyncGenerator<string> {
  const scope = await scopeOf(context.db, sought);
  let end = sought.to;
  while (end > sought.from) {
    const window = await findWindow(context.db, scope.required, sought.from, end);
    if (!window) return;
    yield* readWindow(context, scope, window, format, missing, sought.signal);
    end = window.start;
  }
}

const readWindow = (
  context: EntriesContext,
  { condition, sealed }: Scope,
  { start, end }: ExportWindow,
  format: ExportFormat,
  missing: Missing,
  signal: AbortSignal | undefined,
) =>
  generate<string>((give) =>
    context.db.transaction(async (transaction) => {
      await transaction.execute(sql`
          declare exported no scroll cursor for select ${ENTRY_COLUMNS} from logs.logs
          where timestamp >= ${start}::timestamptz and timestamp < ${end}::timestamptz and ${condition}
          order by timestamp desc, id desc`);
      const segments = await listSegments(transaction, start, end);
      const next = async (): Promise<EntryRow[]> => {
        signal?.throwIfAborted();
        const result = await transaction.execute(sql`fetch ${sql.raw(String(LIMITS.exportBatch))} from exported`);
        return z.array(entryRowSchema).parse(result.rows);
      };
      const span = spanOf(start, end);
      const turns = context.turns.exportQueries;
      const search = { segments, scope: sealed, span, missing, signal, turns, order: "newest first" } as const;
      const textOf = (rows: readonly EntryRow[]) => FORMATS[format].rows(rows.map(entryOf));
      const hot = await next();
      if (hot.length === 0 && format === "ndjson") {
        for await (const lines of streamSealedLines(context, search, textOf)) await give(lines);
        return;
      }
      for await (const batch of merged(hot, next, streamSealed(context, search))) {
        for (let at = 0; at < batch.length; at += LIMITS.exportBatch) {
          await give(textOf(batch.slice(at, at + LIMITS.exportBatch)));
        }
      }
    }, ONE_SNAPSHOT),
  );

/** Both, newest first. @param first the first ones that are hot @param next gives the following ones, newest first; none when there are no more */
async function* merged(
  first: EntryRow[],
  next: () => Promise<EntryRow[]>,
  sealed: AsyncGenerator<EntryRow[]>,
): AsyncGenerator<EntryRow[]> {
  let hot = first;
  for await (const batch of sealed) {
    const last = batch.at(-1);
    const rows = [...batch];
    while (last && hot.length > 0) {
      const newer = hot.filter((row) => newestFirst(row, last) < 0);
      rows.push(...newer);
      hot = hot.slice(newer.length);
      if (hot.length > 0) break;
      hot = await next();
    }
    yield rows.length === batch.length ? batch : rows.sort(newestFirst);
  }
  for (; hot.length > 0; hot = await next()) yield hot;
}
