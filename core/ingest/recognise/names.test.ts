import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NAMES } from "./names";

test("given the table of names in docs/sending.md, then it is that of the code, in its order", () => {
  const page = readFileSync("docs/sending.md", "utf8");
  const table = page.slice(page.indexOf("<!-- names:")).split("\n\n")[0] ?? "";
  const rows = [...table.matchAll(/^\| (time|level|message|service) +\| (.+) \|$/gm)];
  const written = rows.map(([, kind, names = ""]) => [kind, [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name)]);
  const { timestamp: time, ...others } = NAMES;
  expect(Object.fromEntries(written)).toEqual({ time, ...others });
});
