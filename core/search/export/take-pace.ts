import { MINUTE_MS, SECOND_MS } from "@/core/clock";
import { unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";

/** How fast somebody takes an export, which holds its place, a connection and what it began to read for as long as that goes on. */
export class TakePace {
  private waitedMs = 0;
  private taken = 0;

  /** @param leastPerSecond characters, of the time that is waited for who takes them, over so many milliseconds of that time */
  constructor(
    private readonly leastPerSecond: number = LIMITS.exportLeastPerSecond,
    private readonly overMs: number = LIMITS.exportPaceMs,
  ) {}

  /** A piece was taken, for which was waited. @throws Fault unavailable when that went too slowly for too long */
  took(characters: number, waitedMs: number): void {
    this.taken += characters;
    this.waitedMs += waitedMs;
    if (this.waitedMs < this.overMs) return;
    const perSecond = (this.taken / this.waitedMs) * SECOND_MS;
    if (perSecond < this.leastPerSecond) {
      const minutes = Math.round(this.overMs / MINUTE_MS);
      throw unavailable(
        `less than ${this.leastPerSecond} characters a second of the export were taken over ${minutes} minutes`,
      );
    }
    this.taken = 0;
    this.waitedMs = 0;
  }
}
