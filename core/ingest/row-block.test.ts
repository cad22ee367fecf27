import { expect, test } from "vitest";
import { readLine } from "@/core/testing/read-line";

test("given rows of every length around that of the block, then each is in it whole", () => {
  for (let length = 3_900; length < 4_150; length++) {
    const message = "x".repeat(length);
    const attributes = { a: 1 };
    const row = readLine(JSON.stringify({ service: "s", level: "warning", message, tags: ["t"], attributes }));
    expect(row).toMatchObject({ service: "s", level: "warning", message, tags: ["t"], attributes });
  }
});
