import { LIMITS } from "@/core/limits";
import { Pulse } from "@/core/pulse";

/**
 * Has what is not sealed looked at as soon as many entries have come, so that it stays near its bound when they come faster than the
 * job's schedule. Rests as long as it worked, which leaves half of the time to ingest.
 */
export class SealSoon {
  private rows = 0;
  private isWanted = false;
  private readonly pulse: Pulse;

  /** @param failed is told what `seal` throws; it is tried again */
  constructor(seal: () => Promise<unknown>, failed: (error: unknown) => void) {
    this.pulse = new Pulse(async () => {
      if (!this.isWanted) return 0;
      const startedMs = performance.now();
      this.isWanted = false;
      try {
        await seal();
      } catch (error) {
        this.isWanted = true;
        throw error;
      }
      return performance.now() - startedMs;
    }, failed);
  }

  /** Entries are committed. */
  written(rows: number): void {
    this.rows += rows;
    if (this.rows < LIMITS.hotEntries) return;
    this.rows = 0;
    this.isWanted = true;
    this.pulse.wake();
  }

  start(): void {
    this.pulse.start();
  }

  stop(): void {
    this.pulse.stop();
  }
}
