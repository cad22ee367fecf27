import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/core/clock";
import { formatInZone } from "@/core/zoned-time";
import { ZoneClock } from "./zone-clock";

const ZONES = Intl.supportedValuesOf("timeZone");
const MINUTES = { min: Date.parse("2005-01-01") / MINUTE_MS, max: Date.parse("2035-01-01") / MINUTE_MS };
const zone = fc.constantFrom(...ZONES, "UTC");
const minute = fc.integer(MINUTES).map((minutes) => minutes * MINUTE_MS);

const iso = (ms: number) => new Date(ms).toISOString();

test("given any zone and time, then hour and weekday are those that its clocks show", () => {
  fc.assert(
    fc.property(zone, minute, (name, ms) => {
      const clock = new ZoneClock(name);
      expect(`${clock.hourAt(ms)} ${clock.weekdayAt(ms)}`).toBe(formatInZone(ms, name, "H i"));
    }),
    { numRuns: 2_000 },
  );
});

test("given any zone and two times, then they are in one step of a day when it is the same date there, and steps begin in their order", () => {
  const apart = fc.integer({ min: 0, max: 40 * 60 }).map((minutes) => minutes * MINUTE_MS);
  fc.assert(
    fc.property(zone, minute, apart, (name, ms, length) => {
      const clock = new ZoneClock(name);
      const [one, other] = [ms, ms + length].map((at) => ({
        start: clock.stepAt(at, DAY_MS),
        date: formatInZone(at, name, "yyyy-MM-dd"),
      }));
      expect(one?.start).toBeLessThanOrEqual(ms);
      expect(one?.start === other?.start).toBe(one?.date === other?.date);
      expect(one?.start).toBeLessThanOrEqual(other?.start ?? 0);
    }),
    { numRuns: 2_000 },
  );
});

describe("given Berlin, where the clocks go forward on 29 March 2026 and back on 25 October", () => {
  const clock = new ZoneClock("Europe/Berlin");
  const at = (time: string) => Date.parse(time);

  test("then days are of 23 and 25 hours, and begin at midnight there", () => {
    expect(iso(clock.stepAt(at("2026-03-29T12:00:00Z"), DAY_MS))).toBe("2026-03-28T23:00:00.000Z");
    expect(iso(clock.stepAt(at("2026-03-29T21:59:59Z"), DAY_MS))).toBe("2026-03-28T23:00:00.000Z");
    expect(iso(clock.stepAt(at("2026-03-29T22:00:00Z"), DAY_MS))).toBe("2026-03-29T22:00:00.000Z");
    expect(iso(clock.stepAt(at("2026-10-25T22:59:00Z"), DAY_MS))).toBe("2026-10-24T22:00:00.000Z");
    expect(iso(clock.stepAt(at("2026-10-25T23:00:00Z"), DAY_MS))).toBe("2026-10-25T23:00:00.000Z");
  });

  test("then of the hour that comes twice each is a step of its own, and a step of 3 hours has both", () => {
    for (const time of ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]) {
      expect(clock.hourAt(at(time))).toBe(2);
      expect(clock.stepAt(at(time), HOUR_MS)).toBe(at(time) - 30 * MINUTE_MS);
      expect(iso(clock.stepAt(at(time), 3 * HOUR_MS))).toBe("2026-10-24T22:00:00.000Z");
    }
  });
});

test("given zones of half and quarter hours, then they are looked at by the quarter of an hour, others by the hour", () => {
  const year = [Date.parse("2026-01-01"), Date.parse("2027-01-01")] as const;
  const grains = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"].map((name) =>
    new ZoneClock(name).grainOf(...year),
  );
  expect(grains).toEqual([HOUR_MS, HOUR_MS, 15 * MINUTE_MS, 15 * MINUTE_MS, 15 * MINUTE_MS]);
});
