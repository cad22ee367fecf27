import fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "./plain-text";

test.each([
  ["plain text, ünïcödé 日本 🪵", "plain text, ünïcödé 日本 🪵"],
  ["two\nlines\tand a tab\r\nthree", "two\nlines\tand a tab\nthree"],
  ["\u001b[1;31mERROR\u001b[0m failed", "ERROR failed"],
  ["\u001b[2J\u001b]0;title\u0007", "⟨001B⟩[2J⟨001B⟩]0;title⟨0007⟩"],
  ["user \u202enimda\u202c signed in", "user ⟨202E⟩nimda⟨202C⟩ signed in"],
  ["\u2066a\u2069 zero\u200bwidth", "⟨2066⟩a⟨2069⟩ zero⟨200B⟩width"],
  ["<script>alert(1)</script>", "<script>alert(1)</script>"],
])("given %j, then the page has %j", (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test("given any text, then nothing hidden is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(plainText(text).replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }),
  );
});
