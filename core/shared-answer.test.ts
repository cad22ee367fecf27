import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SharedAnswer } from "./shared-answer";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("given many who ask, then it is found out once at a time, and kept for a while, also when it fails", async () => {
  let found = 0;
  let finish = (_answer: number) => {};
  let fail = (_error: Error) => {};
  const shared = new SharedAnswer(
    () => {
      found++;
      return new Promise<number>((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
    },
    1_000,
    120_000,
  );
  const ask = () => Array.from({ length: 50 }, () => shared.get());

  const first = ask();
  vi.advanceTimersByTime(60_000);
  first.push(...ask());
  finish(1);
  expect(new Set(await Promise.all(first))).toEqual(new Set([1]));
  vi.advanceTimersByTime(999);
  expect(await Promise.all(ask())).toHaveLength(50);
  expect(found).toBe(1);

  vi.advanceTimersByTime(1);
  const second = ask();
  fail(new Error("away"));
  for (const answer of second) await expect(answer).rejects.toThrow("away");
  await expect(shared.get()).rejects.toThrow("away");
  expect(found).toBe(2);
  vi.advanceTimersByTime(1_000);
  const third = shared.get();
  finish(3);
  expect(await third).toBe(3);
});

test("given what does not answer, then who asks after a while has it looked for anew", async () => {
  const answers = [new Promise<string>(() => undefined), Promise.resolve("there")];
  const shared = new SharedAnswer(() => answers.shift() ?? Promise.reject(new Error("too often")), 1_000, 2_500);
  const hung = shared.get();
  vi.advanceTimersByTime(2_499);
  expect(shared.get()).toBe(hung);
  vi.advanceTimersByTime(1);
  expect(await shared.get()).toBe("there");
});
