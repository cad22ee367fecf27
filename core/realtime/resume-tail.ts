import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { scopeOf } from "@/core/search/scope";
import { readCommits } from "./commits";
import { isExpired, type Position } from "./position";
import { readEntries } from "./read-entries";
import { gapText, TailedEntry, type TailQuery } from "./tail-group";
import { bytesOf, type Watcher } from "./watcher";

/** What lies between two snapshots, behind an entry of it. */
type Leg = { seen: string; until: string; after: string };

const FROM_START = "-1";

/**
 * Gives a client what it missed: everything behind its position that `end` shows, which is its position afterwards. First
 * the rest of what it was getting when it left, then what came since: so each event's position is as exact as a live one's.
 */
export async function resumeTail(
  context: Context,
  { query, service, attributes }: TailQuery,
  watcher: Watcher,
  from: Position,
  end: Position,
): Promise<void> {
  if (isExpired(from, context.clock.now())) return watcher.write(bytesOf(gapText(null, "expired", end)));
  const { condition } = await scopeOf(context.db, { query, service, from: new Date(0), to: context.clock.now() });
  for (const { seen, until, after } of legsOf(from, end.seen)) {
    const { commits } = await readCommits(context.db, seen, until);
    const unseen = sql`id > ${after}::bigint and ${condition}`;
    const rows = await readEntries(context, commits, unseen, LIMITS.resumedEntries + 1);
    const positionAt = (id: string) => ({ ...end, seen, partial: { until, after: id } });
    const texts = (rows ?? [])
      .slice(0, LIMITS.resumedEntries)
      .map((row) => new TailedEntry(row, positionAt).text(attributes));
    if (texts.length > 0) watcher.write(bytesOf(texts.join("")));
    if (rows === null || rows.length > LIMITS.resumedEntries) {
      return watcher.write(bytesOf(gapText(null, "busy", end)));
    }
  }
}

function legsOf({ seen, partial }: Position, end: string): Leg[] {
  if (partial === null) return [{ seen, until: end, after: FROM_START }];
  const { until, after } = partial;
  return [
    { seen, until, after },
    { seen: until, until: end, after: FROM_START },
  ];
}
