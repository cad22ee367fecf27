import { expect, test } from "vitest";
import { BlobParts } from "./blob-parts";

test("given pieces, then they are one file in their order, and few bytes are held meanwhile", async () => {
  const parts = new BlobParts(10);
  const text = (index: number) => `line ${index}\n`;
  for (let index = 0; index < 100; index++) {
    parts.add(new TextEncoder().encode(text(index)));
    expect(parts.held).toBeLessThan(10);
  }
  const blob = parts.blob("text/csv");
  expect(blob.type).toBe("text/csv");
  expect(await blob.text()).toBe(Array.from({ length: 100 }, (_, index) => text(index)).join(""));
});

test("given nothing, then it is an empty file", async () => {
  expect(await new BlobParts().blob("").text()).toBe("");
});
