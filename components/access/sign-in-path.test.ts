import { expect, test } from "vitest";
import { signInPath } from "./sign-in-path";

const nextOf = (path: string) => new URL(path, "http://here").searchParams.get("next");

test("given a page whose query has question marks, then signing in leads back to all of it", () => {
  const next = nextOf(signInPath("/logs?q=path%3A/a?b=1?c&range=1h"));
  const led = new URL(next ?? "", "http://here");
  expect(led.pathname).toBe("/logs");
  expect([...led.searchParams]).toEqual([
    ["q", "path:/a?b=1?c"],
    ["range", "1h"],
  ]);
});

test("given what only Next.js asks with, then it is left out, and nothing leads back to the first page", () => {
  expect(nextOf(signInPath("/logs?_rsc=1&q=a"))).toBe("/logs?q=a");
  expect(signInPath("/?_rsc=1")).toBe("/sign-in");
});
