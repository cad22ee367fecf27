import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { decodeCursor } from "../cursor";
import type { Sought } from "../scope";
import { searchLogs } from "../search-logs";
import { type ExportFormat, FORMATS } from "./formats";

/**
 * Everything that a search finds, newest first, as text in pieces of a page each, so that memory holds one page however many
 * there are. Takes as long as it takes: pages that run out of time go on with the next.
 * @throws what searchLogs throws
 */
export async function* exportLogs(context: Context, sought: Sought, format: ExportFormat): AsyncGenerator<string> {
  const { head, rows } = FORMATS[format];
  yield head;
  let cursor: ReturnType<typeof decodeCursor> | undefined;
  do {
    const page = await searchLogs(context, { ...sought, limit: LIMITS.exportPage, cursor });
    if (page.entries.length > 0) yield rows(page.entries);
    cursor = page.next_cursor === null ? undefined : decodeCursor(page.next_cursor);
  } while (cursor);
}
