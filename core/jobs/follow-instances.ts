import { listDueDeliveries, type Outbox } from "@/core/alerts/delivery/outbox";
import { SECOND_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import type { Logger } from "@/core/logger";
import { Pulse } from "@/core/pulse";
import { ALERTS_CHANNEL, ENTRIES_CHANNEL } from "@/core/realtime/channels";
import { committedSnapshot, readCommits } from "@/core/realtime/commits";
import { Listener } from "@/core/realtime/listener";
import type { SealSoon } from "@/core/segments/seal-soon";

/** Between two looks; what is told meanwhile is found by the next. */
const ALERTS_REST_MS = 200;
const ENTRIES_REST_MS = SECOND_MS;

type FollowContext = Context & { logger: Logger; outbox: Outbox; sealSoon: Pick<SealSoon, "written"> };

/**
 * For an instance that runs jobs and takes no entries: what instances that take them commit makes it deliver alerts and seal what is
 * old as soon as if it had taken the entries itself.
 */
export class FollowInstances {
  private seen: string | null = null;
  private readonly alerts: Pulse;
  private readonly entries: Pulse;
  private readonly listener: Listener;

  constructor(
    private readonly context: FollowContext,
    connectionString: string,
  ) {
    const { logger, outbox } = context;
    const failed = (error: unknown) =>
      logger.warn({ error }, "what other instances committed could not be read; trying again");
    this.alerts = new Pulse(async () => {
      outbox.request(await listDueDeliveries(context));
      return ALERTS_REST_MS;
    }, failed);
    this.entries = new Pulse(async () => {
      await this.countEntries();
      return ENTRIES_REST_MS;
    }, failed);
    this.listener = new Listener(connectionString, logger, {
      notice: (channel) => {
        if (channel === ALERTS_CHANNEL) this.alerts.wake();
        if (channel === ENTRIES_CHANNEL) this.entries.wake();
      },
      connected: (isConnected) => {
        if (!isConnected) return;
        this.alerts.wake();
        this.entries.wake();
      },
    });
  }

  start(): void {
    this.alerts.start();
    this.entries.start();
    this.listener.start();
  }

  async stop(): Promise<void> {
    this.alerts.stop();
    this.entries.stop();
    await this.listener.stop();
  }

  private async countEntries(): Promise<void> {
    const { db, sealSoon } = this.context;
    if (this.seen === null) {
      this.seen = await committedSnapshot(db);
      return;
    }
    const { snapshot, commits } = await readCommits(db, this.seen);
    this.seen = snapshot;
    sealSoon.written(commits.reduce((sum, { rows }) => sum + rows, 0));
  }
}
