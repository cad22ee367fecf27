import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerClock } from "./server-clock";

const NOW = Date.parse("2026-03-10T12:00:00Z");
beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

test("given a browser whose clock is wrong, then now is what the server says, which goes on", () => {
  const clock = new ServerClock();
  expect(clock.isOlderThan(NOW - 3_600_000, 60_000)).toBe(false);
  clock.hear("Tue, 10 Mar 2026 11:00:00 GMT");
  expect(new Date(clock.nowMs()).toISOString()).toBe("2026-03-10T11:00:00.000Z");
  vi.setSystemTime(NOW + 90_000);
  expect(new Date(clock.nowMs()).toISOString()).toBe("2026-03-10T11:01:30.000Z");
  expect(clock.isOlderThan(NOW - 3_600_000, 60_000)).toBe(true);
  expect(clock.isOlderThan(NOW - 3_600_000, 120_000)).toBe(false);
});

test("given what whole seconds and the way of an answer make, or no time at all, then the clocks are the same", () => {
  const clock = new ServerClock();
  clock.hear("Tue, 10 Mar 2026 11:59:58 GMT");
  expect(clock.nowMs()).toBe(NOW);
  clock.hear(null);
  clock.hear("soon");
  expect(clock.nowMs()).toBe(NOW);
});
