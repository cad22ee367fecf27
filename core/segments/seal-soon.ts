import { MINUTE_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { Pulse } from "@/core/pulse";
import type { SealPace } from "./seal-segments";

/** How often it is looked whether it has become quiet. */
const LOOK_MS = 500;
/** Rests after failures grow up to so long, if sealing did not work for longer. */
const FAILED_REST_MS = MINUTE_MS;

/**
 * Has what is not sealed looked at as soon as many entries have come, so that it stays near its bound when they come faster than the
 * job's schedule. While they come as fast as the machine takes them it waits, as what is sealed meanwhile is taken from ingest: until it is
 * quieter, or until LIMITS.busyHotEntries wait. Rests as long as it worked, which leaves half of the time to ingest, but not beyond that bound;
 * and far beyond it, ingest makes way for sealing. What fails does so again mostly: then it rests longer each time, and nobody makes way.
 */
export class SealSoon {
  /** That came and were not sealed since, as far as it is known here. */
  private rows = 0;
  /** Of these, what the run under way is for. */
  private underWay = 0;
  private isSealing = false;
  /** After the last run; 0 when that did not fail. */
  private failedRestMs = 0;
  private readonly pace = new Pace();
  private readonly pulse: Pulse;

  /**
   * @param seal gives whether it could, which it can't while somebody else does
   * @param failed is told what `seal` throws; it is tried again
   * @param nowMs of a clock that never goes back
   */
  constructor(
    private readonly seal: (pace: SealPace) => Promise<boolean>,
    private readonly failed: (error: unknown) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.pulse = new Pulse(() => this.run(), failed);
  }

  private async run(): Promise<number> {
    if (this.rows < LIMITS.hotEntries) return 0;
    const startedMs = performance.now();
    const isLate = this.isFull;
    try {
      if ((this.isBusy && !isLate) || !(await this.sealNow(isLate))) {
        this.pulse.wake();
        return LOOK_MS;
      }
    } catch (error) {
      this.failed(error);
      this.pulse.wake();
      const longerMs = Math.min(Math.max(2 * this.failedRestMs, LOOK_MS), FAILED_REST_MS);
      this.failedRestMs = Math.max(performance.now() - startedMs, longerMs);
      return this.failedRestMs;
    }
    this.failedRestMs = 0;
    return this.isFull ? 0 : performance.now() - startedMs;
  }

  private async sealNow(isLate: boolean): Promise<boolean> {
    this.underWay = this.rows;
    this.isSealing = true;
    try {
      const isDone = await this.seal({ isBusy: () => this.isBusy && !isLate, sealed: (rows) => this.sealed(rows) });
      // What is left of it may stay.
      if (isDone) this.sealed(this.underWay);
      return isDone;
    } finally {
      this.underWay = 0;
      this.isSealing = false;
    }
  }

  private sealed(rows: number): void {
    const taken = Math.min(rows, this.underWay);
    this.underWay -= taken;
    this.rows -= taken;
  }

  /** Before a transaction of many entries: waits a moment while sealing is at work and far behind, so that it gets the machine, if it did not fail before. */
  async brake(): Promise<void> {
    if (!this.isSealing || this.failedRestMs > 0 || this.rows < LIMITS.brakedHotEntries) return;
    await new Promise((resolve) => setTimeout(resolve, LIMITS.brakeMs));
  }

  /** Whether entries have come fast in the last moments. */
  get isBusy(): boolean {
    return this.pace.entriesLately(this.nowMs()) >= LIMITS.busyEntries;
  }

  private get isFull(): boolean {
    return this.rows >= LIMITS.busyHotEntries;
  }

  /** Entries are committed. */
  written(rows: number): void {
    this.pace.add(rows, this.nowMs());
    this.rows += rows;
    if (this.rows >= LIMITS.hotEntries) this.pulse.wake();
  }

  start(): void {
    this.pulse.start();
  }

  stop(): void {
    this.pulse.stop();
  }
}

/** Counts in times of LIMITS.busyMs, of which the present one and the one before are known. */
class Pace {
  private present = 0;
  private entries = 0;
  private before = 0;

  add(entries: number, nowMs: number): void {
    this.advance(nowMs);
    this.entries += entries;
  }

  /** The more of both times. */
  entriesLately(nowMs: number): number {
    this.advance(nowMs);
    return Math.max(this.entries, this.before);
  }

  private advance(nowMs: number): void {
    const present = Math.floor(nowMs / LIMITS.busyMs);
    if (present === this.present) return;
    this.before = present === this.present + 1 ? this.entries : 0;
    this.entries = 0;
    this.present = present;
  }
}
