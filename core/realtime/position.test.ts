import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { decodePosition, encodePosition, type Position } from "./position";

/** A snapshot with so many transactions of a long-lived database under way. */
function snapshotWith(running: number): string {
  const first = 123_456_789_000;
  const numbers = Array.from({ length: running }, (_, index) => first + index);
  return `${first}:${first + running}:${numbers.join(",")}`;
}

test.each([0, 1, 100, 300])("given %i transactions under way, then a position is read as it was written", (running) => {
  const position: Position = {
    atMs: Date.parse("2026-03-10T12:00:00Z"),
    seen: snapshotWith(running),
    partial: { until: snapshotWith(running), after: "2071261298688000001" },
  };
  const text = encodePosition(position);
  expect(decodePosition(text)).toEqual(position);
  // As a parameter of a page that comes again it must fit among the headers.
  expect(new URLSearchParams({ lastEventId: text }).toString().length).toBeLessThan(LIMITS.headerBytes);
});

test("given a position after an entry whose number no database has, then it is none", () => {
  const until = snapshotWith(1);
  expect(decodePosition(`1~${until}~${until}~9223372036854775807`)).not.toBeNull();
  expect(decodePosition(`1~${until}~${until}~9223372036854775808`)).toBeNull();
});
