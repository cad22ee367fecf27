import fc from "fast-check";
import { expect, test } from "vitest";
import { localPath } from "./local-path";

test.each(["/", "/logs?q=a%20b&live=true", "/errors/pattern?id=-5#top"])(
  "given the path %s, then it is kept",
  (path) => {
    expect(localPath(path)).toBe(path);
  },
);

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n//evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "javascript:alert(1)",
  "evil.example",
  "",
])("given %j, which leads elsewhere, then it is the first page", (path) => {
  expect(localPath(path)).toBe("/");
});

test("given any text, then a browser that follows the path stays on the server", () => {
  const pieces = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "\t",
    "\n",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "http:",
    "%2f",
    " ",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (text) => {
      const path = localPath(text.join(""));
      expect(new URL(path, "https://logs.example/sign-in").origin).toBe("https://logs.example");
    }),
    { numRuns: 2_000 },
  );
});
