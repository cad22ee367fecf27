import { SECOND_MS } from "@/core/clock";
import { PanelFeed } from "@/core/dashboards/panel-feed";
import type { PanelSource } from "@/core/dashboards/panel-source";
import type { PanelContext } from "@/core/dashboards/read-panel";
import { unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { ALERTS_CHANNEL, ENTRIES_CHANNEL } from "./channels";
import { Listener } from "./listener";
import type { Position } from "./position";
import type { RecentRows } from "./recent-rows";
import { StatsFeed } from "./stats-feed";
import type { StatsView } from "./stats-view";
import { TailFeed } from "./tail-feed";
import type { TailQuery } from "./tail-group";
import { bytesOf, GREETING, heartbeatText, type Watcher } from "./watcher";

export type HubContext = PanelContext & { logger: Logger; recent: RecentRows };

/** Everybody who watches through this process: one connection listens for all of them, from the first that comes on. */
export class Hub {
  private readonly stats: StatsFeed;
  private readonly tails: TailFeed;
  private readonly panels: PanelFeed;
  private readonly listener: Listener;
  private readonly all = new Set<Watcher>();
  private isLost = false;
  private isStarted = false;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;
  private lastHeartbeat = 0;

  constructor(
    private readonly context: HubContext,
    connectionString: string,
  ) {
    this.stats = new StatsFeed(context);
    this.tails = new TailFeed(context);
    this.panels = new PanelFeed(context);
    this.listener = new Listener(connectionString, context.logger, {
      notice: (channel) => {
        if (channel === ALERTS_CHANNEL) {
          this.stats.wakeAlerts();
          this.panels.wake("alerts");
        }
        if (channel === ENTRIES_CHANNEL) {
          this.tails.wake();
          this.panels.wake("entries");
        }
        // Figures show incidents and patterns too.
        this.stats.wakeStats();
      },
      connected: (isConnected) => this.connected(isConnected),
    });
  }

  get watching(): { stream: number; tail: number } {
    const tail = this.tails.size;
    return { stream: this.all.size - tail, tail };
  }

  /** @returns what ends it @throws Fault unavailable when there are too many already or the server is stopping */
  watchStats(view: StatsView, watcher: Watcher, from: Position | null): () => void {
    this.admit(watcher);
    return this.leaving(watcher, this.stats.add(view, watcher, from));
  }

  /** @returns what ends it @throws as watchStats, or Fault too_busy when too many different panels are watched */
  watchPanel(source: PanelSource, watcher: Watcher): () => void {
    this.admit(watcher);
    try {
      return this.leaving(watcher, this.panels.add(source, watcher));
    } catch (error) {
      this.all.delete(watcher);
      throw error;
    }
  }

  /** What a panel shows, shared with all who look at the same. @returns JSON @throws as PanelFeed.read */
  readPanel(source: PanelSource, signal?: AbortSignal): Promise<string> {
    return this.panels.read(source, signal);
  }

  /** How often a panel was computed. */
  get panelComputations(): number {
    return this.panels.computations;
  }

  /** The first heartbeat says that everything which is committed from then on will come. @returns what ends it @throws as watchStats */
  tail(tail: TailQuery, watcher: Watcher, from: Position | null): () => void {
    this.admit(watcher);
    const joined = () => this.beat([watcher], this.tails.position);
    return this.leaving(watcher, this.tails.add(tail, watcher, from, joined));
  }

  /** Ends every stream; the clients come again, to an instance that runs. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    for (const watcher of [...this.all]) watcher.close();
    await this.panels.stop();
    if (this.isStarted) await this.listener.stop();
  }

  private admit(watcher: Watcher): void {
    if (this.isClosed) throw unavailable("the server is stopping");
    if (this.all.size >= LIMITS.watchers) throw unavailable("too many clients are watching already");
    this.all.add(watcher);
    watcher.write(GREETING);
    if (this.isStarted) return;
    this.isStarted = true;
    this.listener.start();
    this.timer = setInterval(() => this.tick(), SECOND_MS);
  }

  private leaving(watcher: Watcher, leave: () => void): () => void {
    return () => {
      this.all.delete(watcher);
      leave();
    };
  }

  private connected(isConnected: boolean): void {
    const isNews = isConnected === this.isLost;
    this.isLost = !isConnected;
    this.panels.isListening = isConnected;
    if (isConnected) {
      this.stats.wakeStats();
      this.panels.wake("alerts");
      this.panels.wake("entries");
      this.ask();
    }
    if (isNews) this.beatAll();
  }

  private tick(): void {
    this.stats.tick();
    this.tails.tick();
    this.panels.tick();
    if (performance.now() - this.lastHeartbeat >= LIMITS.heartbeatMs) this.beatAll();
  }

  /** What was committed is found whether or not it was heard of. */
  private ask(): void {
    this.stats.wakeAlerts();
    this.tails.wake();
  }

  private beatAll(): void {
    this.lastHeartbeat = performance.now();
    // Also those that no notice told of, as of a connection that is dead and doesn't know it; and positions don't grow old.
    this.ask();
    this.beat(this.stats.watchers, this.stats.position);
    this.beat(this.panels.watchers, null);
    // Who comes back with the position of a heartbeat gets nothing that is before it.
    this.tails.tellGaps();
    this.beat(this.tails.watchers, this.tails.position);
  }

  private beat(watchers: readonly Watcher[], position: Position | null): void {
    const database = this.isLost ? "lost" : "connected";
    const text = heartbeatText({ database }, this.context.clock.now(), position);
    for (const watcher of watchers) if (!watcher.isFull()) watcher.write(bytesOf(text));
  }
}
