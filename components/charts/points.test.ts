import { describe, expect, test } from "vitest";
import { statsAnswerWith } from "@/core/testing/stats-answer";
import { latestStep } from "./points";
import { shapeOf } from "./shape";

const at = (minute: number) => `2026-03-10T12:${String(minute).padStart(2, "0")}:00.000Z`;

/** Counts of steps of 5 minutes, as a panel asks for them: its range ends with a whole step. */
const course = (rows: [minute: number, count: number][], range: { from: number; to: number; computed: string }) =>
  shapeOf(
    statsAnswerWith({
      columns: [
        { name: "time", type: "time", field: "timestamp", empty: null, adds: false, condition: null },
        { name: "max(d)", type: "number", field: null, empty: null, adds: false, condition: null },
      ],
      rows: rows.map(([minute, count]) => [at(minute), count]),
      step_seconds: 300,
      from: at(range.from),
      to: at(range.to),
      computed_at: range.computed,
    }),
    null,
  );

const latest = (...asked: Parameters<typeof course>) => {
  const shape = course(...asked);
  const step = shape && latestStep(shape);
  return step === null ? null : shape?.steps[step]?.label;
};

describe("the latest step", () => {
  test("given one that still runs, though the range ends with it, then the one before it is the latest", () => {
    const rows: [number, number][] = [0, 5, 10].map((minute) => [minute, 1]);
    expect(latest(rows, { from: 0, to: 15, computed: "2026-03-10T12:11:00.000Z" })).toBe(at(5));
    expect(latest(rows, { from: 0, to: 15, computed: at(15) })).toBe(at(10));
  });

  test("given a range that ends within the last step, then the one before it is the latest, however long ago", () => {
    const rows: [number, number][] = [0, 5, 10].map((minute) => [minute, 1]);
    expect(latest(rows, { from: 0, to: 12, computed: at(59) })).toBe(at(5));
  });

  test("given nothing but what still runs, then that is the latest; given nothing at all, there is none", () => {
    expect(latest([[10, 1]], { from: 0, to: 15, computed: "2026-03-10T12:11:00.000Z" })).toBe(at(10));
    expect(latest([], { from: 0, to: 15, computed: at(59) })).toBeNull();
  });
});
