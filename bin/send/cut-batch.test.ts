import fc from "fast-check";
import { expect, test } from "vitest";
import { cutBatch, isDocument } from "./cut-batch";

const cut = (text: string, isEnd: boolean, isOver: boolean) =>
  text.slice(0, cutBatch(Buffer.from(text), isEnd, isOver));

test("given the end of a file, then what has no line feed waits, unless nothing will ever follow", () => {
  expect(cut("one\ntw", true, false)).toBe("one\n");
  expect(cut("tw", true, false)).toBe("");
  expect(cut("one\ntw", true, true)).toBe("one\ntw");
});

test("given more behind it, then it is cut before the last entry, so that a stack trace stays whole", () => {
  const trace = "ERROR boom\n\tat a.b.C\nCaused by: d.E\n";
  expect(cut(`INFO one\n${trace}\tat f.`, false, false)).toBe("INFO one\n");
  expect(cut(`${trace}INFO two\nINFO thr`, false, false)).toBe(trace);
  expect(cut('{"a":1}\n{"a":2}\n{"a"', false, false)).toBe('{"a":1}\n');
});

test("given lines that don't say where an entry begins, then it is cut behind the last of them", () => {
  expect(cut("one\ntwo\nthr", false, false)).toBe("one\ntwo\n");
});

test("given a line that is longer than a request, then it goes on in pieces", () => {
  expect(cut("x".repeat(100), false, false)).toHaveLength(100);
});

test("given any lines, then cutting goes forward, and at the ends of lines", () => {
  const line = fc.constantFrom("INFO a", "\tat b", "c", "", '{"d":1}', "2026-11-26T15:00:00Z e");
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const text = `${lines.join("\n")}\nrest`;
      const taken = cut(text, false, false);
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.endsWith("\n")).toBe(true);
    }),
  );
});

test("given the beginning of a JSON document of many entries, then it is known, and lines are not taken for one", () => {
  const documents = ['[{"a":1}]', '\ufeff [\n  {"a"', '{"logs":[{"a":1}]}'];
  const others = ['{"a":1}\n{"a":2}', "[warn] a", "[]", "plain"];
  expect(documents.map((text) => isDocument(Buffer.from(text)))).toEqual([true, true, true]);
  expect(others.map((text) => isDocument(Buffer.from(text)))).toEqual([false, false, false, false]);
});
