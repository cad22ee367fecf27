import pg from "pg";
import type { Logger } from "@/core/logger";
import { CHANNELS, type Channel } from "./channels";

const RETRY_MS = 500;
const CONNECT_WITHIN_MS = 5_000;

export type ListenerEvents = {
  notice(channel: Channel): void;
  /** The connection was lost, or is there (again): what was told in between was not heard. */
  connected(isConnected: boolean): void;
};

/** A connection of its own that hears what every instance commits. When it is lost, it is made again until it holds. */
export class Listener {
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly connectionString: string,
    private readonly logger: Logger,
    private readonly events: ListenerEvents,
  ) {}

  start(): void {
    this.isStopped = false;
    void this.connect();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: "cordwood listener",
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on("error", () => this.lost(client));
    client.on("end", () => this.lost(client));
    client.on("notification", ({ channel }) => {
      const known = CHANNELS.find((one) => one === channel);
      if (known) this.events.notice(known);
    });
    try {
      await client.connect();
      await client.query(CHANNELS.map((channel) => `listen ${channel}`).join("; "));
      if (this.client === client) this.events.connected(true);
    } catch (error) {
      this.logger.warn({ error }, "can't listen for what is committed; trying again");
      this.lost(client);
    }
  }

  private lost(client: pg.Client): void {
    if (this.client !== client || this.isStopped) return;
    this.client = null;
    client.end().catch(() => undefined);
    this.events.connected(false);
    this.timer = setTimeout(() => void this.connect(), RETRY_MS);
  }
}
