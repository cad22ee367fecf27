import { expect, test } from "vitest";
import { Tally } from "./tally";

test("given a source that is used again, when one tally is added to another, then services keep their names", () => {
  const source = Buffer.from("checkout");
  const tally = new Tally();
  tally.add(tally.serviceOf(source, 0, source.length), 60_000_000, 2, null);
  source.fill("x");
  const sum = new Tally();

  sum.merge(tally);

  expect(sum.countRows()).toEqual([{ bucket: new Date(60_000), service: "checkout", level: "info", count: 1 }]);
});
