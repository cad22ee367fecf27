import { LIMITS } from "@/core/limits";
import { scopeOf } from "@/core/search/scope";
import type { EntriesContext } from "@/core/segments/segments";
import { readCommits } from "./commits";
import { isAhead, isExpired, type Position } from "./position";
import { readEntries } from "./read-entries";
import { type GapReason, gapText, TailedEntry, type TailQuery } from "./tail-group";

/** What lies between two snapshots, behind an entry of it. */
type Leg = { seen: string; until: string; after: string };

/** Events, how many entries they tell, and where the client is behind them. */
export type Resumed = { text: string; entries: number; reached: Position };

const FROM_START = "-1";

/**
 * What a client missed: everything behind its position that `end` shows, or, when that is much, the first piece of it. First
 * the rest of what it was getting when it left, then what came since: so each event's position is as exact as a live one's.
 * Nothing is told before all of it is read, so that it may be tried again.
 * @param most entries; what is above is told as a gap
 */
export async function resumeTail(
  context: EntriesContext,
  { query, service, form }: TailQuery,
  from: Position,
  end: Position,
  most: number,
): Promise<Resumed> {
  let text = "";
  let entries = 0;
  const skipTo = (reason: GapReason) => ({ text: text + gapText({ count: null, reason }, end), entries, reached: end });
  if (isExpired(from, context.clock.now()) || isAhead(from, end)) return skipTo("expired");
  const scope = await scopeOf(context.db, { query, service, from: new Date(0), to: context.clock.now() });
  for (const { seen, until, after } of legsOf(from, end.seen)) {
    const { commits } = await readCommits(context.db, seen, until);
    const read = await readEntries(
      context,
      commits,
      { ...scope, after },
      { entries: most - entries, bytes: LIMITS.tailBytes },
    );
    if (read === null) return skipTo("busy");
    const positionAt = (id: string): Position => ({ atMs: from.atMs, seen, partial: { until, after: id } });
    for (const row of read.rows) text += new TailedEntry(row, positionAt).text(form);
    if (read.isMissing) text += gapText({ count: null, reason: "unreadable" }, null);
    entries += read.rows.length;
    const last = read.rows.at(-1);
    if (!read.isWhole) return last && entries < most ? { text, entries, reached: positionAt(last.id) } : skipTo("busy");
  }
  return { text, entries, reached: end };
}

function legsOf({ seen, partial }: Position, end: string): Leg[] {
  if (partial === null) return [{ seen, until: end, after: FROM_START }];
  const { until, after } = partial;
  return [
    { seen, until, after },
    { seen: until, until: end, after: FROM_START },
  ];
}
