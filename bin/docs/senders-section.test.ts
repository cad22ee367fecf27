import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SENDERS } from "@/core/senders/senders";
import { withSenders } from "./senders-section";

const page = readFileSync("docs/sending.md", "utf8");

test("given docs/sending.md, then its senders are those of the page: `npm run docs` writes them", () => {
  expect(page === withSenders(page)).toBe(true);
});

test("given each sender, then it has a heading, and the list at the beginning leads to it", () => {
  for (const { name } of SENDERS) expect(page).toContain(`\n### ${name}\n`);
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(headings, anchor).toContain(anchor);
});

test("given a page without a place for it, then that is said", () => {
  expect(() => withSenders("# Sending")).toThrow("has no <!-- senders");
});
