import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { Pulse } from "@/core/pulse";
import type { EntryRow } from "@/core/search/entry-row";
import type { EntriesContext } from "@/core/segments/segments";
import { collectEntries } from "./collect-entries";
import { type Commit, committedSnapshot, readCommits } from "./commits";
import { joinAll } from "./join-all";
import { Pace, sendingMs } from "./pace";
import { isExpired, type Position, positionAt } from "./position";
import type { RecentRows } from "./recent-rows";
import { resumeTail } from "./resume-tail";
import { type Gap, TailedEntry, TailGroup, type TailQuery } from "./tail-group";
import { bytesOf, keyOf, type Watcher } from "./watcher";

export type TailContext = EntriesContext & { recent: RecentRows; logger: Logger };

/** `from` and how many `entries` it was given move on while it catches up. */
type Joining = { tail: TailQuery; watcher: Watcher; from: Position | null; entries: number; joined(): void };

/** News is told at most so often. */
const REST_MS = 50;
/** How long entries that can't be read in time are asked for again before they are told as a gap: a database that was away is slow at first. */
const PATIENCE_MS = 6_000;

/**
 * Gives those who tail every entry that is committed by any instance, in the order of transactions. What is new is what
 * one snapshot of PostgreSQL shows and the one before did not, so nothing is lost or told twice, whatever the notices do
 * (ADR 9). Rows that this process wrote come from memory, others from the database.
 */
export class TailFeed {
  private readonly groups = new Map<string, TailGroup>();
  private readonly joining = new Set<Joining>();
  private reached: Position | null = null;
  private readonly pulse: Pulse;
  private readonly pace = new Pace();
  /** By performance.now(), since when entries could not be read in time. */
  private unreadSince: number | null = null;

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
    return this.reached;
  }

  wake(): void {
    this.pulse.wake();
  }

  /** How many there are, with those who are still catching up. */
  get size(): number {
    return this.watchers.length + this.joining.size;
  }

  /** Time has passed: some may have room again. */
  tick(): void {
    this.tellGaps();
    if (this.joining.size > 0) this.pulse.wake();
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
    const entry = { tail, watcher, from, entries: 0, joined };
    this.context.recent.want("tails", true);
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
    this.reached = null;
    this.context.recent.want("tails", false);
  }

  private async deliver(): Promise<number> {
    // Who comes after the snapshot may come from an instance that is ahead of it, and would get twice what lies between.
    const joining = [...this.joining];
    const { clock, db, recent } = this.context;
    const now = clock.now();
    const reached = this.reached ?? positionAt(await committedSnapshot(db), now);
    const { snapshot, commits } = await readCommits(db, reached.seen);
    const { rows, unread, after } = await this.collect(commits, reached);
    // The last one left meanwhile: who comes next begins anew.
    if (!recent.isWantedBy("tails")) return REST_MS;
    const started = performance.now();
    const position = positionAt(snapshot, now);
    const within = (id: string) => ({ ...reached, partial: { until: snapshot, after: id } });
    const taken = this.take(rows.map((row) => new TailedEntry(row, within)));
    if (after.count !== null) after.count += taken.unseen;
    for (const group of this.groups.values()) group.deliver({ count: unread, reason: "busy" }, after, position);
    this.reached = position;
    const worked = performance.now() - started + sendingMs(this.watchers.length, taken.bytes);
    if (!(await joinAll(this.joining, joining, (entry) => this.join(entry, position)))) this.pulse.wake();
    return Math.max(REST_MS, this.pace.restAfter(worked));
  }

  private async collect(
    commits: readonly Commit[],
    reached: Position,
  ): Promise<{ rows: EntryRow[]; unread: number; after: Gap }> {
    // Nothing could be asked for so long that commits may be forgotten.
    if (isExpired(reached, this.context.clock.now())) {
      return { rows: [], unread: 0, after: { count: null, reason: "expired" } };
    }
    if (this.groups.size === 0) return { rows: [], unread: 0, after: { count: 0, reason: "busy" } };
    const most = Math.ceil(LIMITS.tailMatches / this.groups.size);
    const { rows, unread, unseen } = await collectEntries(this.context, commits, most);
    this.refuseUnread(unread);
    return { rows, unread, after: { count: unseen, reason: "busy" } };
  }

  /** @throws Error when entries could not be read that may be soon */
  private refuseUnread(unread: number): void {
    if (unread > 0) {
      this.unreadSince ??= performance.now();
      if (performance.now() - this.unreadSince < PATIENCE_MS) throw new Error("new entries could not be read in time");
    }
    this.unreadSince = null;
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

  /** Gives it what it missed, piece by piece, each when there is room for it, and only then lets it in. */
  private async join(entry: Joining, end: Position): Promise<void> {
    const { tail, watcher, from, joined } = entry;
    if (watcher.isFull()) return;
    if (from) {
      const { text, entries, reached } = await resumeTail(
        this.context,
        tail,
        from,
        end,
        LIMITS.resumedEntries - entry.entries,
      );
      // It may have left while that was read.
      if (!this.joining.has(entry)) return;
      if (text !== "") watcher.write(bytesOf(text));
      const isThere = reached === end;
      entry.from = reached;
      entry.entries = isThere ? 0 : entry.entries + entries;
      if (watcher.isFull()) return;
      if (!isThere) return this.pulse.wake();
    }
    this.joining.delete(entry);
    const key = keyOf(tail);
    const group = this.groups.get(key) ?? new TailGroup(tail);
    this.groups.set(key, group);
    group.add(watcher);
    joined();
  }
}
