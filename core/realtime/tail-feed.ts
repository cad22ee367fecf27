import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { readRows } from "@/core/ingest/read-rows";
import type { RowBlock } from "@/core/ingest/row-block";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { Pulse } from "@/core/pulse";
import type { EntryRow } from "@/core/search/entry-row";
import { type Commit, currentSnapshot, readCommits } from "./commits";
import { Pace, sendingMs } from "./pace";
import { type Position, positionAt } from "./position";
import { readEntries } from "./read-entries";
import type { RecentRows } from "./recent-rows";
import { resumeTail } from "./resume-tail";
import { TailedEntry, TailGroup, type TailQuery } from "./tail-group";
import type { Watcher } from "./watcher";

export type TailContext = Context & { recent: RecentRows; logger: Logger };

type Joining = { tail: TailQuery; watcher: Watcher; from: Position | null; joined(): void };

/** News is told at most so often. */
const REST_MS = 50;

/**
 * Gives those who tail every entry that is committed by any instance, in the order of transactions. What is new is what
 * one snapshot of PostgreSQL shows and the one before did not, so nothing is lost or told twice, whatever the notices do
 * (ADR 9). Rows that this process wrote come from memory, others from the database.
 */
export class TailFeed {
  private readonly groups = new Map<string, TailGroup>();
  private readonly joining = new Set<Joining>();
  private seen: string | null = null;
  private readonly pulse: Pulse;
  private readonly pace = new Pace();

  constructor(private readonly context: TailContext) {
    this.pulse = new Pulse(
      () => this.deliver(),
      (error) => context.logger.warn({ error }, "tails could not be served; trying again"),
    );
  }

  get watchers(): Watcher[] {
    return [...this.groups.values()].flatMap((group) => [...group.watchers]);
  }

  /** How far everybody has come who is not full. */
  get position(): Position | null {
    return positionAt(this.seen, this.context.clock.now());
  }

  wake(): void {
    this.pulse.wake();
  }

  /** Tells those who have room again what they missed, also when nothing new comes. */
  tellGaps(): void {
    for (const group of this.groups.values()) group.tellGaps();
  }

  /**
   * @param from where the client was
   * @param joined called when everything that is committed from now on will come
   * @returns what ends it
   */
  add(tail: TailQuery, watcher: Watcher, from: Position | null, joined: () => void): () => void {
    const entry = { tail, watcher, from, joined };
    this.context.recent.isWanted = true;
    this.joining.add(entry);
    this.pulse.start();
    return () => {
      this.joining.delete(entry);
      const key = keyOf(tail);
      const group = this.groups.get(key);
      group?.remove(watcher);
      if (group?.size === 0) this.groups.delete(key);
      if (this.groups.size === 0 && this.joining.size === 0) this.stop();
    };
  }

  stop(): void {
    this.pulse.stop();
    this.seen = null;
    this.context.recent.isWanted = false;
  }

  private async deliver(): Promise<number> {
    const seen = this.seen ?? (await currentSnapshot(this.context.db));
    const { snapshot, commits } = await readCommits(this.context.db, seen);
    const { rows, unseen } = this.groups.size > 0 ? await this.read(commits) : { rows: [], unseen: 0 };
    // The last one left meanwhile: who comes next begins anew.
    if (!this.context.recent.isWanted) return REST_MS;
    const started = performance.now();
    const position = positionAt(snapshot, this.context.clock.now());
    const within = (after: string) => ({ ...position, seen, partial: { until: snapshot, after } });
    const taken = this.take(rows.map((row) => new TailedEntry(row, within)));
    for (const group of this.groups.values()) group.deliver(unseen + taken.unseen, position);
    this.seen = snapshot;
    const worked = performance.now() - started + sendingMs(this.watchers.length, taken.bytes);
    for (const entry of [...this.joining]) await this.join(entry, position);
    return Math.max(REST_MS, this.pace.restAfter(worked));
  }

  /** Holds all queries against entries, one after the other, so that everybody gets as far. */
  private take(entries: readonly TailedEntry[]): { bytes: number; unseen: number } {
    let bytes = 0;
    for (const [index, entry] of entries.entries()) {
      if (bytes >= LIMITS.tailBytes) return { bytes, unseen: entries.length - index };
      for (const group of this.groups.values()) bytes += group.take(entry);
    }
    return { bytes, unseen: 0 };
  }

  /** As many entries as can be held against all queries, and how many are more than that. */
  private async read(commits: readonly Commit[]): Promise<{ rows: EntryRow[]; unseen: number }> {
    const most = Math.ceil(LIMITS.tailMatches / this.groups.size);
    const rows: EntryRow[] = [];
    const elsewhere: Commit[] = [];
    for (const commit of commits) {
      const blocks = this.context.recent.get(commit.transaction);
      if (blocks) takeRows(blocks, rows, most);
      else elsewhere.push(commit);
    }
    if (elsewhere.length > 0 && rows.length < most) {
      rows.push(...((await readEntries(this.context, elsewhere, sql`true`, most - rows.length)) ?? []));
      rows.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    }
    const committed = commits.reduce((sum, { rows: count }) => sum + count, 0);
    return { rows, unseen: committed - rows.length };
  }

  private async join(entry: Joining, position: Position): Promise<void> {
    const { tail, watcher, from, joined } = entry;
    if (from) await resumeTail(this.context, tail, watcher, from, position);
    // It may have left while that was read.
    if (!this.joining.delete(entry)) return;
    const key = keyOf(tail);
    const group = this.groups.get(key) ?? new TailGroup(tail);
    this.groups.set(key, group);
    group.add(watcher);
    joined();
  }
}

const keyOf = (tail: TailQuery) => JSON.stringify(tail);

/** Decodes no more than is wanted: a transaction may hold many times that. */
function takeRows(blocks: readonly RowBlock[], rows: EntryRow[], most: number): void {
  for (const block of blocks) {
    for (const row of readRows(block)) {
      if (rows.length >= most) return;
      rows.push(row);
    }
  }
}
