import { expect, test } from "vitest";
import { generate } from "./generate";

test("given work that gives items, then it goes on only when the next is wanted, and its end is the generator's", async () => {
  const steps: string[] = [];
  const items = generate<number>(async (give) => {
    for (const item of [1, 2]) {
      steps.push(`giving ${item}`);
      await give(item);
    }
    steps.push("done");
  });
  for await (const item of items) steps.push(`got ${item}`);
  expect(steps).toEqual(["giving 1", "got 1", "giving 2", "got 2", "done"]);
});

test("given somebody who stops taking, then the work ends, and has cleaned up when the generator has returned", async () => {
  let isCleaned = false;
  const items = generate<number>(async (give) => {
    try {
      for (let item = 0; ; item++) await give(item);
    } finally {
      isCleaned = true;
    }
  });
  for await (const item of items) if (item === 3) break;
  expect(isCleaned).toBe(true);
});

test("given work that fails, then what it gave before is there, and the error comes behind", async () => {
  const got: number[] = [];
  const reading = (async () => {
    const items = generate<number>(async (give) => {
      await give(1);
      throw new Error("broken");
    });
    for await (const item of items) got.push(item);
  })();
  await expect(reading).rejects.toThrow("broken");
  expect(got).toEqual([1]);
});
