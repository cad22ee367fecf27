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

/** `isNew`: nobody followed until now, so nothing is known of what alerts have counted. */
export type Following = { seen: string; ahead: string[]; seenAt: Date; isNew: boolean };

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
    insert into logs.alert_following as known (id, seen, ahead, seen_at) values (1, null, '{}', ${now}::timestamptz)
    on conflict (id) do update set seen = case
      -- Of another cluster, as after a restore: its transactions have other numbers.
      when pg_snapshot_xmax(known.seen::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) then known.seen end
    returning seen, ahead, seen_at`);
  const [{ seen, ahead, seen_at: seenAt }] = z.tuple([rowSchema]).parse(result.rows);
  if (seen !== null) return { seen, ahead, seenAt, isNew: false };
  await db.execute(sql`update logs.alert_queries set counted_in = null where counted_in is not null`);
  return { seen: await currentSnapshot(db), ahead: [], seenAt: now, isNew: true };
}

/** @param following null: nobody follows any more, so nothing has to be kept for it */
export async function writeFollowing(db: Executor, following: Following | null, now: Date): Promise<void> {
  const { seen, ahead, seenAt } = following ?? { seen: null, ahead: [], seenAt: now };
  await db.execute(sql`
    update logs.alert_following
    set seen = ${seen}, ahead = ${sql.param(ahead)}::text[], seen_at = ${seenAt}::timestamptz
    where id = 1 and (seen is not null or ${seen}::text is not null)`);
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
  const taker = new Taker(alerts, piece);
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
    ...taker.taken(),
    reached: { seen: isBehind ? from.seen : snapshot, ahead, seenAt: isBehind ? from.seenAt : now, isNew: false },
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

/** What several alerts compute alike is computed once for all of them. */
type Source = { alerts: RunningAlert[]; grouping: MinuteGrouping; problem: string | null };

/** Holds lines against alerts. */
class Taker {
  private readonly index: AlertIndex;
  private readonly sources = new Map<string, Source>();
  private readonly sourceOf = new Map<number, Source>();
  private readonly counted: ReadonlyMap<number, (transaction: string) => boolean>;

  constructor(alerts: readonly RunningAlert[], commits: readonly Commit[]) {
    this.counted = new Map(alerts.map(({ id, row }) => [id, visibleIn(row.countedIn)]));
    const firsts: RunningAlert[] = [];
    for (const alert of alerts) {
      // One that has counted some of these lines already is by itself.
      const isApart = commits.some(({ transaction }) => this.counted.get(alert.id)?.(transaction));
      const key = `${isApart ? alert.id : ""} ${alert.query.text}`;
      const known = this.sources.get(key);
      const source = known ?? { alerts: [], grouping: new MinuteGrouping(alert), problem: null };
      source.alerts.push(alert);
      this.sourceOf.set(alert.id, source);
      if (known) continue;
      this.sources.set(key, source);
      firsts.push(alert);
    }
    this.index = new AlertIndex(firsts);
  }

  take(row: EntryRow, transaction: string): void {
    let folded: FoldedEntry | undefined;
    for (const { id, matches } of this.index.of(row.service, row.level)) {
      const source = this.sourceOf.get(id);
      if (!source || source.problem !== null || this.counted.get(id)?.(transaction)) continue;
      folded ??= foldEntry(row);
      if (!matches(folded)) continue;
      try {
        source.grouping.addEntry(row);
      } catch (error) {
        if (!isFault(error)) throw error;
        source.problem = error.message;
      }
    }
  }

  taken(): Pick<Followed, "taken" | "failed"> {
    const taken = new Map<number, MinuteGroups>();
    const failed = new Map<number, string>();
    for (const { alerts, grouping, problem } of this.sources.values()) {
      const groups = problem === null ? grouping.taken() : null;
      for (const { id } of alerts) {
        if (groups) taken.set(id, groups);
        else failed.set(id, problem ?? "");
      }
    }
    return { taken, failed };
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
