import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { SealSoon } from "./seal-soon";

const context = testDatabase("2026-03-10T12:00:00Z");

test("given entries that are committed, then they count for who seals soon", async () => {
  const entries = Array.from({ length: 3 }, (_, index) => ({ service: "shop", message: `line ${index}` }));
  await sendEntries(ingestOf(context), [...entries, { service: "", message: 1 }]);
  expect(context.sealSoon.rows).toBe(3);
});

test("given as many entries as may be hot, then sealing begins without waiting for its schedule, and again when it failed", async () => {
  let runs = 0;
  const errors: unknown[] = [];
  const soon = new SealSoon(
    async () => {
      if (++runs === 1) throw new Error("away");
    },
    (error) => errors.push(error),
  );
  soon.start();
  soon.written(LIMITS.hotEntries - 1);
  expect(runs).toBe(0);
  soon.written(1);
  await expect.poll(() => runs, { timeout: 5_000 }).toBe(2);
  expect(errors).toEqual([new Error("away")]);
  soon.stop();
});
