import { floorTo, MINUTE_MS, SECOND_MS } from "@/core/clock";
import { isFault } from "@/core/errors";
import type { Logger } from "@/core/logger";
import { Pulse } from "@/core/pulse";
import type { EntriesContext } from "@/core/segments/segments";
import { changesSnapshot, type IncidentChange, readIncidentChanges } from "./incident-changes";
import { joinAll } from "./join-all";
import { Pace, sendingMs } from "./pace";
import { isAhead, isExpired, type Position, positionAt } from "./position";
import { readView, type StatsView } from "./stats-view";
import { bytesOf, eventText, keyOf, tellWatchers, type Watcher } from "./watcher";

/** `latest` is JSON; `behind` are watchers that had no room for it. */
type Viewed = { view: StatsView; watchers: Set<Watcher>; latest: string | null; behind: Set<Watcher> };

type Joining = { view: StatsView; watcher: Watcher; from: Position | null };

/** Figures are told at most once a second. */
const STATS_REST_MS = SECOND_MS;
const ALERTS_REST_MS = 50;

/**
 * Keeps those who watch a view up to date: `stats` when entries came or the minute changed, computed once however many
 * watch, and `alert` for every change of an incident, found as TailFeed finds entries (ADR 9).
 */
export class StatsFeed {
  private readonly views = new Map<string, Viewed>();
  private readonly joining = new Set<Joining>();
  private readonly statsPulse: Pulse;
  private readonly alertsPulse: Pulse;
  private readonly pace = new Pace();
  private seen: string | null = null;
  private isStale = true;
  private minute = 0;

  constructor(private readonly context: EntriesContext & { logger: Logger }) {
    const failed = (error: unknown) => context.logger.warn({ error }, "watchers could not be served; trying again");
    this.statsPulse = new Pulse(() => this.deliverStats(), failed);
    this.alertsPulse = new Pulse(() => this.deliverAlerts(), failed);
  }

  get watchers(): Watcher[] {
    return [...this.views.values()].flatMap(({ watchers }) => [...watchers]);
  }

  get position(): Position | null {
    return positionAt(this.seen, this.context.clock.now());
  }

  /** Entries were committed. */
  wakeStats(): void {
    this.isStale = true;
    this.statsPulse.wake();
  }

  /** An incident may have been changed. */
  wakeAlerts(): void {
    this.alertsPulse.wake();
  }

  /** Figures are of ranges that end now: they change with the minute even when nothing comes. Some may have room again. */
  tick(): void {
    if (this.currentMinute() !== this.minute) this.wakeStats();
    for (const viewed of this.views.values()) if (viewed.behind.size > 0) this.tell(viewed, viewed.behind);
  }

  /** @param from where the client was; it gets the changes of incidents since then. @returns what ends it */
  add(view: StatsView, watcher: Watcher, from: Position | null): () => void {
    const entry = { view, watcher, from };
    this.joining.add(entry);
    this.alertsPulse.start();
    this.statsPulse.start();
    return () => {
      this.joining.delete(entry);
      const viewed = this.views.get(keyOf(view));
      viewed?.watchers.delete(watcher);
      viewed?.behind.delete(watcher);
      if (viewed?.watchers.size === 0) this.views.delete(keyOf(view));
      if (this.views.size === 0 && this.joining.size === 0) this.stop();
    };
  }

  stop(): void {
    this.statsPulse.stop();
    this.alertsPulse.stop();
    this.seen = null;
    this.isStale = true;
  }

  private currentMinute(): number {
    return floorTo(this.context.clock.now(), MINUTE_MS).getTime();
  }

  private async deliverAlerts(): Promise<number> {
    // Who comes after the snapshot may come from an instance that is ahead of it (TailFeed.deliver).
    const joining = [...this.joining];
    const seen = this.seen ?? (await changesSnapshot(this.context.db));
    const { snapshot, changes } = await readIncidentChanges(this.context, seen);
    this.seen = snapshot;
    if (changes.length > 0) {
      const bytes = this.alertsOf(changes);
      for (const watcher of this.watchers) {
        // An alert must not be lost: who does not keep up comes again, and is told what it missed.
        if (watcher.isFull()) watcher.close();
        else watcher.write(bytes);
      }
    }
    if (!(await joinAll(this.joining, joining, (entry) => this.join(entry, snapshot)))) this.alertsPulse.wake();
    return ALERTS_REST_MS;
  }

  private async join(entry: Joining, end: string): Promise<void> {
    const { view, watcher, from } = entry;
    // What is older is not told change by change: what the page asks for first is as it is now.
    if (from && this.isResumable(from, end)) {
      const { changes } = await readIncidentChanges(this.context, from.seen, end);
      if (changes.length > 0) watcher.write(this.alertsOf(changes));
    }
    // It may have left while that was read.
    if (!this.joining.delete(entry)) return;
    const viewed = this.views.get(keyOf(view)) ?? { view, watchers: new Set(), latest: null, behind: new Set() };
    this.views.set(keyOf(view), viewed);
    viewed.watchers.add(watcher);
    if (viewed.latest !== null) this.tell(viewed, [watcher]);
    else this.statsPulse.wake();
  }

  private isResumable(from: Position, end: string): boolean {
    const now = this.context.clock.now();
    return !isExpired(from, now) && !isAhead(from, positionAt(end, now));
  }

  private async deliverStats(): Promise<number> {
    const isStale = this.isStale || this.currentMinute() !== this.minute;
    this.isStale = false;
    this.minute = this.currentMinute();
    const started = performance.now();
    let bytes = 0;
    let writes = 0;
    try {
      for (const viewed of [...this.views.values()]) {
        if (!isStale && viewed.latest !== null) continue;
        await this.deliverView(viewed);
        writes += viewed.watchers.size;
        bytes += viewed.watchers.size * (viewed.latest?.length ?? 0);
      }
    } catch (error) {
      this.isStale = true;
      throw error;
    }
    if (writes === 0) return 0;
    const computed = performance.now() - started;
    return Math.max(STATS_REST_MS - computed, this.pace.restAfter(computed + sendingMs(writes, bytes)));
  }

  private async deliverView(viewed: Viewed): Promise<void> {
    let stats: unknown;
    try {
      stats = await readView(this.context, viewed.view);
    } catch (error) {
      if (!isFault(error)) throw error;
      // What is watched is no more: who asks again is told why.
      for (const watcher of viewed.watchers) watcher.close();
      return;
    }
    viewed.latest = JSON.stringify(stats);
    this.tell(viewed, viewed.watchers);
  }

  /** With the position of now: an older one would bring back alerts that were told since the figures were computed. */
  private tell({ latest, behind }: Viewed, watchers: Iterable<Watcher>): void {
    tellWatchers(bytesOf(eventText("stats", latest ?? "null", this.position)), watchers, behind);
  }

  /** Only behind the last one the client has them all. */
  private alertsOf(changes: readonly IncidentChange[]): Uint8Array {
    const texts = changes.map((change, index) =>
      eventText("alert", JSON.stringify(change), index === changes.length - 1 ? this.position : null),
    );
    return bytesOf(texts.join(""));
  }
}
