import { expect, test, vi } from "vitest";
import { LIMITS } from "@/core/limits";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { SealSoon } from "./seal-soon";

const context = testDatabase("2026-03-10T12:00:00Z");

/** Entries for one look that don't make it busy. */
const FEW = LIMITS.busyEntries - 1;

/** Tells of entries so slowly that it never is busy. */
function writeSlowly(soon: SealSoon, clock: { ms: number }, entries: number): void {
  for (let left = entries; left > 0; left -= FEW) {
    clock.ms += LIMITS.busyMs;
    soon.written(Math.min(left, FEW));
  }
}

test("given entries that are committed, then they count for who seals soon", async () => {
  const entries = Array.from({ length: 3 }, (_, index) => ({ service: "shop", message: `line ${index}` }));
  await sendEntries(ingestOf(context), [...entries, { service: "", message: 1 }]);
  expect(context.sealSoon.rows).toBe(3);
});

test("given as many entries as may be hot, then sealing begins without waiting for its schedule, and again when it failed", async () => {
  let runs = 0;
  const errors: unknown[] = [];
  const clock = { ms: 0 };
  const soon = new SealSoon(
    async () => {
      if (++runs === 1) throw new Error("away");
      return true;
    },
    (error) => errors.push(error),
    () => clock.ms,
  );
  soon.start();
  writeSlowly(soon, clock, LIMITS.hotEntries - 1);
  expect(runs).toBe(0);
  writeSlowly(soon, clock, 1);
  await expect.poll(() => runs, { timeout: 5_000 }).toBe(2);
  expect(errors).toEqual([new Error("away")]);
  soon.stop();
});

test("given entries that come fast, then sealing waits until they don't", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    let runs = 0;
    const soon = new SealSoon(
      async () => {
        runs++;
        return true;
      },
      () => undefined,
    );
    soon.start();
    soon.written(LIMITS.hotEntries);
    expect(soon.isBusy).toBe(true);
    await vi.advanceTimersByTimeAsync(LIMITS.busyMs - 1);
    expect(runs).toBe(0);
    await vi.advanceTimersByTimeAsync(2 * LIMITS.busyMs);
    expect(soon.isBusy).toBe(false);
    expect(runs).toBe(1);
    soon.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("given entries that come fast without end, when as many wait as may, then they are sealed beside, without a rest while that is so", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    let runs = 0;
    const soon = new SealSoon(
      async ({ isBusy }) => {
        runs++;
        expect(isBusy()).toBe(false);
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        // As many came meanwhile.
        if (runs === 1) soon.written(LIMITS.busyHotEntries);
        return true;
      },
      () => undefined,
    );
    soon.start();
    for (let waiting = LIMITS.hotEntries; waiting < LIMITS.busyHotEntries; waiting += LIMITS.hotEntries) {
      soon.written(LIMITS.hotEntries);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(runs).toBe(0);
    }
    soon.written(LIMITS.hotEntries);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(2);
    soon.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("given a load without end that sealing falls behind of, then transactions wait for it a moment while it is at work, and not when it has caught up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    let caughtUp = (): void => undefined;
    const soon = new SealSoon(
      async ({ sealed }) => {
        await new Promise<void>((resolve) => {
          caughtUp = resolve;
        });
        sealed(LIMITS.busyHotEntries);
        await new Promise<void>((resolve) => {
          caughtUp = resolve;
        });
        return true;
      },
      () => undefined,
    );
    const waited = async () => {
      const startMs = performance.now();
      const braked = soon.brake().then(() => performance.now() - startMs);
      await vi.advanceTimersByTimeAsync(0);
      await vi.advanceTimersByTimeAsync(LIMITS.brakeMs);
      return braked;
    };
    soon.start();
    soon.written(LIMITS.busyHotEntries);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waited()).toBe(0);
    soon.written(LIMITS.brakedHotEntries - LIMITS.busyHotEntries);
    expect(await waited()).toBeGreaterThanOrEqual(LIMITS.brakeMs);
    caughtUp();
    await vi.advanceTimersByTimeAsync(0);
    expect(await waited()).toBe(0);
    caughtUp();
    soon.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("given sealing that fails, then it rests as long as it worked, and longer each time, and transactions don't wait until it has not failed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const WORK_MS = 10_000;
    const begun: number[] = [];
    let fails = true;
    const soon = new SealSoon(
      async () => {
        begun.push(Math.floor(performance.now() / 1_000));
        await new Promise((resolve) => setTimeout(resolve, WORK_MS));
        if (fails) throw new Error("no room");
        return true;
      },
      () => undefined,
    );
    /** That a transaction waits, in the middle of the run that begins last. */
    const brakedMs = async () => {
      const startMs = performance.now();
      const braked = soon.brake().then(() => performance.now() - startMs);
      await vi.advanceTimersByTimeAsync(LIMITS.brakeMs);
      return braked;
    };
    soon.start();
    soon.written(LIMITS.brakedHotEntries);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await brakedMs()).toBe(LIMITS.brakeMs);
    await vi.advanceTimersByTimeAsync(19_000);
    expect(begun).toHaveLength(2);
    expect(await brakedMs()).toBe(0);
    await vi.advanceTimersByTimeAsync(250_000);
    const rests = begun.slice(1).map((second, index) => second - (begun[index] ?? 0) - WORK_MS / 1_000);
    expect(rests).toEqual([10, 20, 40, 60, 60]);

    fails = false;
    await vi.advanceTimersByTimeAsync(100_000);
    soon.written(LIMITS.brakedHotEntries);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await brakedMs()).toBe(LIMITS.brakeMs);
    soon.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("given that somebody else seals, then it is looked at again, and nothing counts as sealed", async () => {
  let runs = 0;
  const clock = { ms: 0 };
  const soon = new SealSoon(
    async () => ++runs > 1,
    () => undefined,
    () => clock.ms,
  );
  soon.start();
  writeSlowly(soon, clock, LIMITS.hotEntries);
  await expect.poll(() => runs, { timeout: 5_000 }).toBe(2);
  soon.stop();
});
