import { tzOffset } from "@date-fns/tz";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";

export const UTC = "UTC";

/** What all offsets of zones since 1972 are multiples of, and so when they change. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Offsets that hold for a shorter time are not looked for between two moments that have the same. */
const MOST_UNCHANGED_MS = 20 * DAY_MS;
/** Clocks are never put forward or back within so long of one another. */
const NEAR_MS = 6 * HOUR_MS;

/** What the clocks of one zone show. Times in ms since 1970. */
export class ZoneClock {
  private readonly offsets = new Map<number, number>();
  private readonly days = new Map<number, number | null>();

  /** @param zone that isTimeZone knows */
  constructor(readonly zone: string) {}

  /** Of 0 to 23. */
  hourAt(ms: number): number {
    return new Date(ms + this.offsetAt(ms)).getUTCHours();
  }

  /** From 1, Monday, to 7 (ISO 8601). */
  weekdayAt(ms: number): number {
    return new Date(ms + this.offsetAt(ms)).getUTCDay() || 7;
  }

  /**
   * When the step begins in which a time lies. Steps of an hour and less are all of that length, and begin when the clocks show a
   * multiple of it. Longer ones go from one time on the clocks to the next, such as from midnight to midnight: where clocks are put
   * forward or back in between, they are shorter or longer.
   */
  stepAt(ms: number, stepMs: number): number {
    const offset = this.offsetAt(ms);
    const shown = Math.floor((ms + offset) / stepMs) * stepMs;
    const start = shown - offset;
    if (this.zone === UTC || stepMs <= HOUR_MS) return start;
    // Before a change the clocks may have shown it already, or there was none such time.
    const before = this.offsetAt(start - NEAR_MS);
    const other = shown - before;
    return this.offsetAt(other) === before || this.offsetAt(start) !== offset ? other : start;
  }

  /** When a step ends, of which the beginning is given: longer ones go on until the next begins. */
  stepEnd(start: number, stepMs: number): number {
    if (this.zone === UTC || stepMs <= HOUR_MS) return start + stepMs;
    // Half a step into the next one, however long this one is.
    return this.stepAt(start + 1.5 * stepMs, stepMs);
  }

  /** A length by which the time can be cut so that the clocks go evenly in each piece. */
  grainOf(from: number, to: number): number {
    for (let at = from; ; at = Math.min(to, at + MOST_UNCHANGED_MS)) {
      if (this.offsetAt(at) % HOUR_MS !== 0) return QUARTER_MS;
      if (at >= to) return HOUR_MS;
    }
  }

  private offsetAt(ms: number): number {
    if (this.zone === UTC) return 0;
    const day = Math.floor(ms / DAY_MS);
    let ofDay = this.days.get(day);
    if (ofDay === undefined) {
      const [first, last] = [this.offsetOf(day * DAY_MS), this.offsetOf((day + 1) * DAY_MS)];
      ofDay = first === last ? first : null;
      this.days.set(day, ofDay);
    }
    return ofDay ?? this.offsetOf(ms);
  }

  private offsetOf(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      offset = tzOffset(this.zone, new Date(quarter * QUARTER_MS)) * MINUTE_MS;
      this.offsets.set(quarter, offset);
    }
    return offset;
  }
}
