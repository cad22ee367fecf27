import { expect, test } from "vitest";
import { MINUTE_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { JudgeMemory } from "./judge-memory";

const alert = { id: 1, row: { countedIn: "7:7:" } };
const minuteOf = (bytes: number) => ({ groups: { entries: 0, leftOut: [], groups: [] }, cut: 0, bytes });

test("given more minutes than may be remembered in one judgement, then those for which there is no room are not known", () => {
  const memory = new JudgeMemory();
  const half = minuteOf(LIMITS.alertMemoryBytes / 2);
  for (const minute of [0, 1, 2]) memory.remember(alert, minute * MINUTE_MS, half);
  expect([0, 1, 2].map((minute) => memory.minuteOf(alert, minute * MINUTE_MS))).toEqual([half, half, undefined]);
});

test("given a minute that has become too large to be remembered, then what it was before is not taken for it", () => {
  const memory = new JudgeMemory();
  memory.remember(alert, 0, minuteOf(LIMITS.alertMemoryBytes / 2));
  memory.remember(alert, 0, minuteOf(LIMITS.alertMemoryBytes * 2));
  expect(memory.minuteOf(alert, 0)).toBeUndefined();
  const large = minuteOf(LIMITS.alertMemoryBytes);
  memory.remember(alert, MINUTE_MS, large);
  expect(memory.minuteOf(alert, MINUTE_MS)).toBe(large);
});
