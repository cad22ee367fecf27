import { expect, test } from "vitest";
import { compileRegex } from "./regex";
import { requiredLiterals } from "./required-literals";

test.each([
  ["pool [0-3] refused", ["pool ", " refused"]],
  ["inventory-\\d+: [34]\\d{3} ms", ["inventory-", ": ", " ms"]],
  ["Time ?out", ["time", "out"]],
  ["refused+!", ["refused"]],
  ["abc*de{2}fg", ["ab", "fg"]],
  ["a\\.b\\/c", ["a.b/c"]],
  ["^GET (?:/a|/b)[\\]x]z+yy$", ["get ", "yy"]],
  ["one|two", []],
  ["(one|two)three", ["three"]],
  ["a\\tbc", ["bc"]],
  ["a.b", []],
])("given /%s/, then what it matches has %j", (source, literals) => {
  expect(requiredLiterals(compileRegex(source, 0))).toEqual(literals);
});
