import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { transactionOf } from "@/core/ingest/entry-id";
import { LIMITS } from "@/core/limits";
import { nounFor } from "@/core/noun";
import { type Commit, committedSnapshot, readCommits } from "@/core/realtime/commits";
import type { RecentRows } from "@/core/realtime/recent-rows";
import { Missing } from "@/core/segments/read/missing";
import type { EntriesContext } from "@/core/segments/segments";
import type { RunningAlert } from "./load-alerts";
import { readLines } from "./read-lines";
import { LineTaker, type Taken } from "./take/line-taker";

/** `isNew`: nobody followed until now, so nothing is known of what alerts have counted. */
export type Following = { seen: string; ahead: string[]; seenAt: Date; isNew: boolean };

export type FollowContext = EntriesContext & { recent: RecentRows };

/** What was taken, and how far one has come. */
export type Followed = Taken & {
  reached: Following;
  /** There is more. */
  isBehind: boolean;
  /** Which lines were given up, as nobody could read them; null: none. */
  leftOut: string | null;
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
  return { seen: await committedSnapshot(db), ahead: [], seenAt: now, isNew: true };
}

/** By which one that was written is known again. */
export const positionOf = ({ seen, ahead, seenAt }: Following): string =>
  JSON.stringify([seen, ahead, seenAt.toISOString()]);

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
 * @param keptAt the time by which minutes are kept or old
 * @throws Error when some can't be read, for a while: later it goes on without them, as they may never be there again
 */
export async function followLines(
  context: FollowContext,
  alerts: readonly RunningAlert[],
  from: Following,
  keptAt: Date,
): Promise<Followed> {
  const { db, clock, recent } = context;
  const now = clock.now();
  const { snapshot, commits } = await readCommits(db, from.seen);
  const done = new Set(from.ahead);
  const left = commits.filter(({ transaction }) => !done.has(transaction));
  const piece = firstOf(left);
  const taker = new LineTaker(alerts, piece, keptAt);
  const elsewhere: Commit[] = [];
  for (const commit of piece) {
    const blocks = recent.getAtOnce(commit.transaction);
    if (!blocks) elsewhere.push(commit);
    else for (const block of blocks) taker.takeBlock(block, commit.transaction);
  }
  const missing = new Missing();
  for await (const rows of readLines(context, elsewhere, missing)) {
    for (const row of rows) taker.takeRow(row, transactionOf(row.id));
  }
  if (!missing.isNothing && addMs(from.seenAt, LIMITS.alertWaitMs) > now) {
    throw new Error(`lines that alerts watch are in ${segmentsOf(missing)}, which can't be read`);
  }
  const isBehind = piece.length < left.length;
  const ahead = isBehind ? [...from.ahead, ...piece.map(({ transaction }) => transaction)] : [];
  return {
    ...taker.taken(),
    leftOut: missing.isNothing ? null : leftOutOf(missing, now),
    reached: { seen: isBehind ? from.seen : snapshot, ahead, seenAt: isBehind ? from.seenAt : now, isNew: false },
    isBehind,
  };
}

function segmentsOf(missing: Missing): string {
  const { missing_segments: segments, missing_count: count } = missing.told();
  const [first] = segments;
  const others = count > 1 ? ` and ${count - 1} ${nounFor(count - 1, "other")}` : "";
  return `the segment ${first?.path} (${first?.from} to ${first?.to})${others}`;
}

const leftOutOf = (missing: Missing, now: Date): string =>
  `lines in ${segmentsOf(missing)} could not be read for ${LIMITS.alertWaitMs / MINUTE_MS} minutes and were left out at ${now.toISOString()}`;

/** So many that they are taken in one go; at least one. */
function firstOf(commits: readonly Commit[]): Commit[] {
  let rows = 0;
  const first = commits.findIndex((commit) => {
    rows += commit.rows;
    return rows > LIMITS.followedEntries;
  });
  return commits.slice(0, first < 0 ? commits.length : Math.max(1, first));
}
