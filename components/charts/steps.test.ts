import { expect, test } from "vitest";
import { stepAt, stepsOf } from "./steps";

test("given days of a zone in which the clocks are put back, then each step is from midnight to midnight there", () => {
  const { steps, hidden } = stepsOf({
    from: "2026-10-24T10:00:00.000Z",
    to: "2026-10-26T10:00:00.000Z",
    step_seconds: 86_400,
    zone: "Europe/Berlin",
  });
  expect(hidden).toBe(0);
  expect(steps).toEqual([
    { from: "2026-10-23T22:00:00.000Z", to: "2026-10-24T22:00:00.000Z" },
    { from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" },
    { from: "2026-10-25T23:00:00.000Z", to: "2026-10-26T23:00:00.000Z" },
  ]);
});

test("given more steps than can be drawn, then the latest are there", () => {
  const asked = { from: "2026-03-10T00:00:00.000Z", to: "2026-03-10T01:00:00.000Z", step_seconds: 1, zone: "UTC" };
  const { steps, hidden } = stepsOf(asked);
  expect([steps.length, hidden, steps.at(-1)?.to]).toEqual([2_000, 1_600, asked.to]);
  expect(stepAt({ ...asked, step_seconds: 300 }, "2026-03-10T00:07:30.000000Z")).toEqual({
    from: "2026-03-10T00:05:00.000Z",
    to: "2026-03-10T00:10:00.000Z",
  });
});
