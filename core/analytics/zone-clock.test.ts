import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
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

/** Those that a query without a length may take, and others that fit into no hour or day. */
const STEPS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 7, 15, 30, 45, 60, 61, 90, 100].map((minutes) => minutes * MINUTE_MS),
  ...[2, 3, 4, 5, 6, 7, 8, 12, 24, 36, 48, 7 * 24, 28 * 24].map((hours) => hours * HOUR_MS),
];
/** Whose clocks change, by an hour, by half of one or by more, at midnight or at other hours, or did once. */
const CHANGING = [
  ...["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Asia/Beirut"],
  ...["Africa/Casablanca", "Antarctica/Troll", "Asia/Kolkata", "America/Caracas", "Asia/Pyongyang", "America/St_Johns"],
];

/** Moments at which the clocks of a zone change, and some around them. */
function nearChange(name: string): fc.Arbitrary<number> {
  const changes: number[] = [];
  const offsetAt = (ms: number) => formatInZone(ms, name, "xxx");
  for (let day = Date.parse("2010-01-01"); day < Date.parse("2030-01-01"); day += DAY_MS) {
    if (offsetAt(day) === offsetAt(day + DAY_MS)) continue;
    let at = day;
    while (offsetAt(at) === offsetAt(day)) at += 15 * MINUTE_MS;
    changes.push(at);
  }
  const around = fc.integer({ min: -30 * 60, max: 30 * 60 }).map((minutes) => minutes * MINUTE_MS);
  return changes.length === 0 ? minute : fc.tuple(fc.constantFrom(...changes), around).map(([at, more]) => at + more);
}

test.each(CHANGING)(
  "given any length and time in %s, then each moment is in one step, which ends where the next begins",
  (name) => {
    const clock = new ZoneClock(name);
    const within = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(nearChange(name), minute), fc.constantFrom(...STEPS), within, (ms, step, share) => {
        const start = clock.stepAt(ms, step);
        const end = clock.stepEnd(start, step);
        const inside = start + Math.floor(share * (end - start));
        const told = `${iso(ms)} in steps of ${step / MINUTE_MS} minutes from ${iso(start)} to ${iso(end)}, with ${iso(inside)}`;
        expect([told, start <= ms && ms < end]).toEqual([told, true]);
        for (const at of [start, inside, end - 1])
          expect([told, iso(clock.stepAt(at, step))]).toEqual([told, iso(start)]);
        expect([told, iso(clock.stepAt(end, step))]).toEqual([told, iso(end)]);
      }),
      { numRuns: 2_000 },
    );
  },
);

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

  test("then a step of two hours that one of them is left out of is of one hour", () => {
    const steps = ["2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "2026-03-29T04:00:00Z"].map(
      at,
    );
    for (const [index, start] of steps.slice(0, -1).entries()) {
      expect(iso(clock.stepAt(start + 59 * MINUTE_MS, 2 * HOUR_MS))).toBe(iso(start));
      expect(iso(clock.stepEnd(start, 2 * HOUR_MS))).toBe(iso(steps[index + 1] ?? 0));
    }
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
