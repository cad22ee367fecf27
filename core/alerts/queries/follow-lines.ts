import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { isFault } from "@/core/errors";
import { transactionOf } from "@/core/ingest/entry-id";
import { readRows } from "@/core/ingest/read-rows";
import { LIMITS } from "@/core/limits";
import { type Commit, currentSnapshot, readCommits } from "@/core/realtime/commits";
import type { RecentRows } from "@/core/realtime/recent-rows";
import type { EntryRow } from "@/core/search/entry-row";
import { type FoldedEntry, foldEntry } from "@/core/search/query/to-predicate";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import { AlertIndex, type RunningAlert } from "./load-alerts";
import { MinuteGrouping, type MinuteGroups } from "./minute-groups";
import { readLines } from "./read-lines";

export type Following = { seen: string; ahead: string[]; seenAt: Date };

export type FollowContext = EntriesContext & { recent: RecentRows };

/** What was taken: new lines by alert, alerts for which they are too much, and how far one has come. */
export type Followed = {
  taken: ReadonlyMap<number, MinuteGroups>;
  failed: ReadonlyMap<number, string>;
  reached: Following;
  /** There is more. */
  isBehind: boolean;
};

const rowSchema = z.object({ seen: z.string().nullable(), ahead: z.array(z.string()), seen_at: z.coerce.date() });

/** How far lines were taken; from now on where nobody followed. */
export async function readFollowing({ db, clock }: Context): Promise<Following> {
  const now = clock.now();
  const result = await db.execute(sql`
    insert into logs.alert_following (id, seen, ahead, seen_at) values (1, null, '{}', ${now}::timestamptz)
    on conflict (id) do update set id = 1 returning seen, ahead, seen_at`);
  const [{ seen, ahead, seen_at: seenAt }] = z.tuple([rowSchema]).parse(result.rows);
  return seen === null ? { seen: await currentSnapshot(db), ahead: [], seenAt: now } : { seen, ahead, seenAt };
}

/** @param following null: nobody follows any more, so nothing has to be kept for it */
export async function writeFollowing(db: Executor, following: Following | null, now: Date): Promise<void> {
  const { seen, ahead, seenAt } = following ?? { seen: null, ahead: [], seenAt: now };
  await db.execute(sql`
    update logs.alert_following
    set seen = ${seen}, ahead = ${sql.param(ahead)}::text[], seen_at = ${seenAt}::timestamptz where id = 1`);
}

/**
 * Takes the lines of the transactions that were committed since: each once, whatever its timestamp, from this process's memory where it
 * wrote them. They are held against all alerts together.
 * @throws Error when some can't be read, for a while: later it goes on without them, as they may never be there again
 */
export async function followLines(
  context: FollowContext,
  alerts: readonly RunningAlert[],
  from: Following,
): Promise<Followed> {
  const { db, clock, recent } = context;
  const now = clock.now();
  const { snapshot, commits } = await readCommits(db, from.seen);
  const done = new Set(from.ahead);
  const left = commits.filter(({ transaction }) => !done.has(transaction));
  const piece = firstOf(left);
  const taker = new Taker(alerts);
  const elsewhere: Commit[] = [];
  for (const commit of piece) {
    const blocks = recent.get(commit.transaction);
    if (!blocks) elsewhere.push(commit);
    else for (const block of blocks) for (const row of readRows(block)) taker.take(row, commit.transaction);
  }
  const missing = new Missing();
  for await (const rows of readLines(context, elsewhere, missing)) {
    for (const row of rows) taker.take(row, transactionOf(row.id));
  }
  if (!missing.isNothing && addMs(from.seenAt, LIMITS.alertWaitMs) > now) {
    throw new Error("lines that alerts watch are in segments that can't be read");
  }
  const isBehind = piece.length < left.length;
  const ahead = isBehind ? [...from.ahead, ...piece.map(({ transaction }) => transaction)] : [];
  return {
    taken: new Map([...taker.groupings].map(([id, grouping]) => [id, grouping.taken()])),
    failed: taker.failed,
    reached: { seen: isBehind ? from.seen : snapshot, ahead, seenAt: isBehind ? from.seenAt : now },
    isBehind,
  };
}

/** So many that they are taken in one go; at least one. */
function firstOf(commits: readonly Commit[]): Commit[] {
  let rows = 0;
  const first = commits.findIndex((commit) => {
    rows += commit.rows;
    return rows > LIMITS.followedEntries;
  });
  return commits.slice(0, first < 0 ? commits.length : Math.max(1, first));
}

/** Holds lines against alerts. */
class Taker {
  readonly groupings = new Map<number, MinuteGrouping>();
  readonly failed = new Map<number, string>();
  private readonly index: AlertIndex;
  private readonly counted: ReadonlyMap<number, (transaction: string) => boolean>;

  constructor(alerts: readonly RunningAlert[]) {
    this.index = new AlertIndex(alerts);
    this.counted = new Map(alerts.map(({ id, row }) => [id, visibleIn(row.countedIn)]));
  }

  take(row: EntryRow, transaction: string): void {
    const alerts = this.index.of(row.service, row.level);
    let folded: FoldedEntry | undefined;
    for (const alert of alerts) {
      const { id, matches } = alert;
      if (this.failed.has(id) || this.counted.get(id)?.(transaction)) continue;
      folded ??= foldEntry(row);
      if (!matches(folded)) continue;
      try {
        this.of(alert).addEntry(row);
      } catch (error) {
        if (!isFault(error)) throw error;
        this.failed.set(id, error.message);
      }
    }
  }

  private of(alert: RunningAlert): MinuteGrouping {
    let grouping = this.groupings.get(alert.id);
    if (!grouping) {
      grouping = new MinuteGrouping(alert);
      this.groupings.set(alert.id, grouping);
    }
    return grouping;
  }
}

/** Whether a snapshot of PostgreSQL (xmin:xmax:those under way) shows what a transaction did that has been committed. */
export function visibleIn(snapshot: string | null): (transaction: string) => boolean {
  if (snapshot === null) return () => false;
  const [least = "0", most = "0", running = ""] = snapshot.split(":");
  const [xmin, xmax] = [BigInt(least), BigInt(most)];
  const underWay = new Set(running.split(","));
  const known = new Map<string, boolean>();
  return (transaction) => {
    let isVisible = known.get(transaction);
    if (isVisible === undefined) {
      const id = BigInt(transaction);
      isVisible = id < xmin || (id < xmax && !underWay.has(transaction));
      known.set(transaction, isVisible);
    }
    return isVisible;
  };
}
