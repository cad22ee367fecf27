import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "@/core/limits";
import { type Delivery, deliver } from "./deliver";
import type { Received } from "./message";
import type { Space } from "./space";

/** What takes memory besides the bytes: what was received, and the place of each message in it. */
const OVERHEAD_BYTES = 256;
const PLACE_BYTES = 16;

const sizeOf = ({ bytes, messages }: Received) => bytes.length + OVERHEAD_BYTES + messages * PLACE_BYTES;

/** Messages of one socket on their way to the database: while some are being written the next ones gather. */
export class Feed {
  private waiting: Received[] = [];
  private running: Promise<void> | null = null;
  private readonly watching: (() => void)[] = [];
  /** Bytes of what is not settled. */
  held = 0;

  /** @param lingerMs for which the first message waits for others; 0: for those of the same piece only */
  constructor(
    private readonly delivery: Delivery,
    private readonly space: Space,
    private readonly lingerMs: number,
  ) {}

  /** @returns false when there is no room for it */
  add(message: Received): boolean {
    const size = sizeOf(message);
    if (!this.space.take(size)) return false;
    this.push(message, size);
    return true;
  }

  /** Waits for room. @returns false when there was none for long */
  async addWhenFree(message: Received): Promise<boolean> {
    const size = sizeOf(message);
    if (!(await this.space.takeWhenFree(size, LIMITS.bodyIdleMs, this.delivery.ending))) return false;
    this.push(message, size);
    return true;
  }

  private push(message: Received, size: number): void {
    this.held += size;
    this.waiting.push(message);
    this.running ??= this.run();
  }

  /** Resolves when no more than so many bytes are held. */
  async below(bytes: number): Promise<void> {
    while (this.held > bytes) await new Promise<void>((resolve) => this.watching.push(resolve));
  }

  private async run(): Promise<void> {
    if (this.lingerMs > 0) await sleep(this.lingerMs);
    // What arrived in the same piece is added meanwhile.
    else await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.takeBatch();
      const bytes = batch.reduce((sum, message) => sum + sizeOf(message), 0);
      await deliver(this.delivery, batch);
      this.held -= bytes;
      this.space.release(bytes);
      for (const resolve of this.watching.splice(0)) resolve();
    }
    this.running = null;
  }

  /** At most half of what one connection may hold, so that the other half can come meanwhile. */
  private takeBatch(): Received[] {
    let bytes = 0;
    const end = this.waiting.findIndex((message) => {
      bytes += sizeOf(message);
      return bytes > LIMITS.connectionBytes / 2;
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : Math.max(end, 1));
  }
}
