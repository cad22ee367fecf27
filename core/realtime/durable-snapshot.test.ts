import fc from "fast-check";
import { expect, test } from "vitest";
import { durableSnapshot } from "./durable-snapshot";

/** As PostgreSQL defines what a snapshot shows. */
function shows(snapshot: string, number: bigint): boolean {
  const [oldest = "", next = "", running = ""] = snapshot.split(":");
  if (number < BigInt(oldest)) return true;
  return number < BigInt(next) && !running.split(",").includes(String(number));
}

test("given any snapshot and the last number of what is followed that it shows, then it shows the same up to that, and nothing behind", () => {
  const given = fc
    .tuple(fc.nat(20), fc.nat(30), fc.nat(40))
    .chain(([oldest, length, last]) =>
      fc
        .subarray(Array.from({ length }, (_, index) => oldest + 1 + index))
        .map((running) => ({ snapshot: `${oldest + 1}:${oldest + 1 + length}:${running.join(",")}`, last })),
    );
  fc.assert(
    fc.property(given, ({ snapshot, last }) => {
      const durable = durableSnapshot({ snapshot, last: String(last) });
      for (let number = 1n; number <= 80n; number++) {
        expect(shows(durable, number)).toBe(number <= BigInt(last) && shows(snapshot, number));
      }
    }),
  );
  expect(durableSnapshot({ snapshot: "5:9:5,7", last: null })).toBe("5:5:");
});
