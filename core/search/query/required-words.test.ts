import { expect, test } from "vitest";
import { parseQuery } from "./parse";
import { requiredWords } from "./required-words";

test.each([
  ["tag:CORP\\ops-team", ["corp", "ops-team"]],
  ['tag:"C:\\temp \\"x\\""', ["c:", "temp ", "x"]],
  ["tag:ops-team", ["ops-team"]],
])("given the tag in %s, then it is looked for by what stands in its JSON text too", (query, words) => {
  expect(requiredWords(parseQuery(query))).toEqual({ plain: words, escaped: [] });
});

test("given a message with a backslash, then it is looked for as it stands", () => {
  expect(requiredWords(parseQuery('"CORP\\ops-team"'))).toEqual({ plain: ["corp\\ops-team"], escaped: [] });
});
