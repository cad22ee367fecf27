import { Redis } from "ioredis";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";

/** A Redis through which instances count requests together. While it is away each counts on its own. */
export class SharedCounts {
  readonly client: Redis;
  private wasReachable = true;

  /** @param url of REDIS_URL */
  constructor(url: string, logger: Pick<Logger, "warn" | "info">) {
    this.client = new Redis(url, {
      connectionName: "cordwood",
      // A request waits for nothing here: what can't be asked at once is counted by this process.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: LIMITS.sharedCountMs,
      // One that is silent is taken for gone, and then not asked until it answers again.
      socketTimeout: 2 * LIMITS.sharedCountMs,
      connectTimeout: 2_000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    });
    this.client.on("error", (error) => {
      if (this.wasReachable) logger.warn({ error }, "Redis can't be reached: each instance counts requests on its own");
      this.wasReachable = false;
    });
    this.client.on("ready", () => {
      if (!this.wasReachable) logger.info({}, "Redis can be reached again: instances count requests together");
      this.wasReachable = true;
    });
  }

  get isReachable(): boolean {
    return this.client.status === "ready";
  }

  close(): void {
    this.client.disconnect();
  }
}
