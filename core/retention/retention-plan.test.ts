import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEVELS } from "@/core/levels";
import { type Hidden, hides, unionOf, withinSegment } from "@/core/segments/hidden";
import type { RetentionRule } from "@/core/settings/schemas";
import { RetentionPlan } from "./retention-plan";

const SERVICES = ["audit", "shop", "pay", "other"];
const levelArbitrary = fc.constantFrom(...LEVELS);
const rulesArbitrary = fc.uniqueArray(
  fc.record({
    service: fc.option(fc.constantFrom("audit", "shop", "pay")),
    level: fc.option(levelArbitrary),
    days: fc.integer({ min: 1, max: 40 }),
  }),
  { selector: ({ service, level }) => `${service}/${level}` },
);

/** Whether something is hidden, said without sets of services. */
const isHidden = (hidden: Hidden | null, service: string, level: (typeof LEVELS)[number]) => {
  const set = hidden?.levels[level];
  if (!set) return false;
  return "only" in set ? set.only.includes(service) : !set.all_but.includes(service);
};

describe("a retention plan", () => {
  test.each([
    ["audit", "debug", 7],
    ["audit", "error", 365],
    ["shop", "debug", 3],
    ["shop", "error", 30],
    ["constructor", "debug", 3],
  ] as const)(
    "given rules for a level, a service and both, then %s at level %s is kept for %i days",
    (service, level, days) => {
      const plan = new RetentionPlan(30, 90, [
        { service: null, level: "debug", days: 3 },
        { service: "audit", level: null, days: 365 },
        { service: "audit", level: "debug", days: 7 },
      ]);
      expect(plan.daysOf(service, level)).toBe(days);
      expect([plan.shortestDays, plan.longestDays, plan.countsDays]).toEqual([3, 365, 90]);
    },
  );

  test("given a default that no level has any more, then it is neither the shortest nor the longest", () => {
    const rules = LEVELS.map((level): RetentionRule => ({ service: null, level, days: 10 }));
    const plan = new RetentionPlan(30, 30, rules);
    expect([plan.shortestDays, plan.longestDays]).toEqual([10, 10]);
  });

  test("given any rules, then what is expired at an age are those that are kept for fewer days", () => {
    fc.assert(
      fc.property(
        rulesArbitrary,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 45 }),
        (rules, days, age) => {
          const plan = new RetentionPlan(
            days,
            days,
            rules.filter(({ service, level }) => service ?? level),
          );
          const hidden = { before: null, levels: plan.expiredAt(age) };
          for (const service of SERVICES) {
            for (const level of LEVELS)
              expect(isHidden(hidden, service, level)).toBe(plan.daysOf(service, level) < age);
          }
        },
      ),
    );
  });
});

const hiddenArbitrary: fc.Arbitrary<Hidden> = fc
  .dictionary(
    levelArbitrary,
    fc.oneof(
      fc.record({ only: fc.subarray(SERVICES, { minLength: 1 }) }),
      fc.record({ all_but: fc.subarray(SERVICES) }),
    ),
  )
  .map((levels) => ({ before: null, levels }));

test("given any two sets of what is hidden, then what is in either is in their union, which hides both", () => {
  fc.assert(
    fc.property(hiddenArbitrary, hiddenArbitrary, (one, other) => {
      const united = unionOf(one, other);
      for (const service of SERVICES) {
        for (const level of LEVELS) {
          expect(isHidden(united, service, level)).toBe(
            isHidden(one, service, level) || isHidden(other, service, level),
          );
        }
      }
      expect(hides(united, one) && hides(united, other)).toBe(true);
    }),
  );
});

test("given any set and what a segment has, then narrowed to that it says the same of all in it", () => {
  fc.assert(
    fc.property(
      hiddenArbitrary,
      fc.option(fc.subarray(SERVICES, { minLength: 1 })),
      fc.subarray([...LEVELS], { minLength: 1 }),
      (hidden, services, levels) => {
        const within = withinSegment(hidden, { firstMicros: 0, services, levels });
        const pairs = (services ?? SERVICES).flatMap((service) => levels.map((level) => [service, level] as const));
        for (const [service, level] of pairs) {
          expect(isHidden(within, service, level)).toBe(isHidden(hidden, service, level));
        }
        if (services) expect(within !== null).toBe(pairs.some(([service, level]) => isHidden(hidden, service, level)));
      },
    ),
  );
});
