import fc from "fast-check";
import { expect, test } from "vitest";
import { growsEvenly } from "@/core/testing/grows-evenly";
import { findJson } from "./find-json";

test.each([
  ['{"a":1.10,"a":922337203685477507}', "", '{"a":1.10,"a":922337203685477507}'],
  ['request failed: {"status":500}\n', "request failed: ", '{"status":500}'],
  ['[worker-3] took {"ms":[1,2]}', "[worker-3] took ", '{"ms":[1,2]}'],
  ["got [1,2]", "got ", "[1,2]"],
  ['{1} {"a":1}', "{1} ", '{"a":1}'],
])("given %j, then its JSON is found", (text, before, json) => {
  expect(findJson(text)).toMatchObject({ before, json });
});

test.each(["text", "[INFO]", "{}", "[]", "use {name}", '{"a":1', '{"a":1,}', "{a:1}", '// {"a":1}\n}', '{"a":1} done'])(
  "given %j, then there is none",
  (text) => {
    expect(findJson(text)).toBeNull();
  },
);

test("given JSON of any kind, then numbers keep their digits and names that stand twice are both there", () => {
  const found = findJson('{"n":1.10,"n":1e400,"o":{"__proto__":-0},"s":"1"}');
  expect(found?.tree).toEqual({
    kind: "object",
    members: [
      { name: "n", value: { kind: "scalar", text: "1.10", isString: false } },
      { name: "n", value: { kind: "scalar", text: "1e400", isString: false } },
      {
        name: "o",
        value: {
          kind: "object",
          members: [{ name: "__proto__", value: { kind: "scalar", text: "-0", isString: false } }],
        },
      },
      { name: "s", value: { kind: "scalar", text: "1", isString: true } },
    ],
  });
});

test("given any object behind any text without brackets, then it is found", () => {
  const text = fc.string().filter((one) => !/[{}[\]]/.test(one));
  const objects = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }).map((one) => JSON.stringify(one));
  fc.assert(
    fc.property(text, objects, (before, json) => {
      expect(findJson(before + json)).toMatchObject({ before, json });
    }),
  );
});

test("given 64 KB of brackets, then they are looked at for no longer than a page can wait", () => {
  const texts: ((length: number) => string)[] = [
    (length) => `${"{".repeat(length)}}`,
    (length) => `${'{"a":'.repeat(length / 5)}}`,
    (length) => `${"[".repeat(length / 2)}${"]".repeat(length / 2)}`,
  ];
  for (const textOf of texts) {
    const find = (length: number) => {
      const text = textOf(length);
      return () => void findJson(text);
    };
    expect(growsEvenly(find, 16_000)).toBe(true);
  }
});
