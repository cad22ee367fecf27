import { tzOffset } from "@date-fns/tz";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";

export const UTC = "UTC";

/** What all offsets of zones since 1972 are multiples of, and so when they change. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Offsets that hold for a shorter time are not looked for between two moments that have the same. */
const MOST_UNCHANGED_MS = 20 * DAY_MS;
/** Clocks are never put back by so much. */
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
   * When the step begins in which a time lies: from when on the clocks have shown times between two multiples of its length. So one of more
   * than an hour goes from one time on the clocks to the next, such as from midnight to midnight, and is shorter or longer where they
   * are put forward or back in between. Shorter ones begin anew there: an hour that comes twice is two.
   */
  stepAt(ms: number, stepMs: number): number {
    const offset = this.offsetAt(ms);
    const shown = Math.floor((ms + offset) / stepMs) * stepMs;
    const start = shown - offset;
    const change = this.lastChange(start, ms);
    if (change === null) return start;
    const before = change - 1 + this.offsetAt(change - 1);
    const goesOn = stepMs > HOUR_MS && Math.floor(before / stepMs) * stepMs === shown;
    return goesOn ? this.stepAt(change - 1, stepMs) : change;
  }

  /** When a step ends, of which the beginning is given: where the next one begins. */
  stepEnd(start: number, stepMs: number): number {
    if (this.zone === UTC) return start + stepMs;
    // However long this one is, that is in a later one, from which it goes back to the first of them.
    let end = this.stepAt(start + stepMs + (stepMs > HOUR_MS ? NEAR_MS : 0), stepMs);
    for (let before = end; before > start; before = this.stepAt(end - 1, stepMs)) end = before;
    return end;
  }

  /** A length by which the time can be cut so that the clocks go evenly in each piece. */
  grainOf(from: number, to: number): number {
    for (let at = from; ; at = Math.min(to, at + MOST_UNCHANGED_MS)) {
      if (this.offsetAt(at) % HOUR_MS !== 0) return QUARTER_MS;
      if (at >= to) return HOUR_MS;
    }
  }

  /** When the clocks changed last from a time to another, both inclusive; null when they did not. */
  private lastChange(from: number, to: number): number | null {
    if (this.zone === UTC) return null;
    let end = to;
    while (end >= from) {
      const dayBefore = end - DAY_MS;
      const offset = this.offsetAt(end);
      if (this.offsetAt(Math.max(from - 1, dayBefore)) !== offset) {
        let at = Math.floor(end / QUARTER_MS) * QUARTER_MS;
        while (this.offsetAt(at - 1) === offset) at -= QUARTER_MS;
        return at;
      }
      end = dayBefore;
    }
    return null;
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
