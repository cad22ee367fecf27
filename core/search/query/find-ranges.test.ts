import fc from "fast-check";
import { expect, test } from "vitest";
import { findWord, isWord, joinRanges } from "./find-ranges";
import { findRegex } from "./find-regex";
import { fold } from "./fold";

const word = (text: string) => ({ kind: "word" as const, parts: text.split("*") });
const phrase = (text: string) => ({ kind: "phrase" as const, text });
/** The text with brackets around what was found. */
const marked = (text: string, ranges: readonly { from: number; to: number }[]) =>
  joinRanges(ranges).reduceRight(
    (shown, { from, to }) => `${shown.slice(0, from)}[${shown.slice(from, to)}]${shown.slice(to)}`,
    text,
  );

test.each([
  ["Card declined, card lost", word("card"), "[Card] declined, [card] lost"],
  ["ÜBER und über", word("über"), "[ÜBER] und [über]"],
  ["time is running out; out", word("tim*out"), "[tim]e is running [out]; out"],
  ["timeout timeout", word("time*out"), "[timeout] [timeout]"],
  ["100% of a_b", phrase("% of A_B"), "100[% of a_b]"],
  ["aaaa", word("aa"), "[aaaa]"],
  ["nothing", word("*"), "nothing"],
  ["nothing", phrase(""), "nothing"],
  ["\u0130stanbul istanbul", word("istanbul"), "[\u0130stanbul] [istanbul]"],
])("given %s, then what is looked for is found where it stands", (text, value, expected) => {
  expect(marked(text, findWord(value, text))).toBe(expected);
});

test.each([
  ["Timed out, time out", "time(d )?out", "[Timed out], time out"],
  ["a1 b22", "[0-9]+", "a[1] b[22]"],
  ["one\ntwo", "e.t", "on[e\nt]wo"],
  ["x", "y*", "x"],
  ["anything", "(", "anything"],
])("given %s and the expression /%s/, then its matches are found", (text, source, expected) => {
  expect(marked(text, findRegex(source, text))).toBe(expected);
});

test("given a value, then only the whole of it is the word", () => {
  expect(isWord(word("pay*"), "Payments")).toBe(true);
  expect(isWord(word("pay"), "Payments")).toBe(false);
  expect(isWord(phrase("a b"), "A B")).toBe(true);
});

test("given any text and word, then each range is the word, and none is left out", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "B", "b", "é", "\u0130", "😀", "ẞ"), maxLength: 30 });
  fc.assert(
    fc.property(
      letters,
      letters.filter((text) => text !== ""),
      (text, searched) => {
        const ranges = findWord(phrase(searched), text);
        for (const { from, to } of ranges) expect(fold(text.slice(from, to))).toBe(fold(searched));
        expect(ranges.length > 0).toBe(fold(text).includes(fold(searched)));
      },
    ),
  );
});
