import { LIMITS } from "@/core/limits";
import { Pulse } from "@/core/pulse";

/** How often it is looked whether it has become quiet. */
const LOOK_MS = 500;

/**
 * Has what is not sealed looked at as soon as many entries have come, so that it stays near its bound when they come faster than the
 * job's schedule. While they come as fast as the machine takes them it waits, as what is sealed meanwhile is taken from ingest: until it is
 * quieter, or until LIMITS.busyHotEntries wait. Rests as long as it worked, which leaves half of the time to ingest, but not beyond that bound.
 */
export class SealSoon {
  /** Since sealing began last. */
  private rows = 0;
  private readonly pace = new Pace();
  private readonly pulse: Pulse;

  /**
   * @param seal is told whether to leave the machine to ingest, which it asks for again and again
   * @param failed is told what `seal` throws; it is tried again
   * @param nowMs of a clock that never goes back
   */
  constructor(
    seal: (isBusy: () => boolean) => Promise<unknown>,
    failed: (error: unknown) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.pulse = new Pulse(async () => {
      const { rows } = this;
      if (rows < LIMITS.hotEntries) return 0;
      if (this.isBusy && !this.isFull) {
        this.pulse.wake();
        return LOOK_MS;
      }
      const startedMs = performance.now();
      const isLate = this.isFull;
      this.rows = 0;
      try {
        await seal(() => this.isBusy && !isLate);
      } catch (error) {
        this.rows += rows;
        throw error;
      }
      return this.isFull ? 0 : performance.now() - startedMs;
    }, failed);
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
