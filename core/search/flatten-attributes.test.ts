import { expect, test } from "vitest";
import { flattenAttributes } from "./flatten-attributes";

test("given nested attributes, then each scalar is there with its path, and what is no value is not", () => {
  const attributes = {
    http: { status: 500, headers: [] },
    "user.id": "7",
    list: [1, { a: true }, [2]],
    none: null,
    "": 0,
  };
  expect(flattenAttributes(JSON.stringify(attributes))).toEqual([
    ["http.status", "500"],
    ["user.id", "7"],
    ["list", "1"],
    ["list.a", "true"],
    ["list", "2"],
    ["", "0"],
  ]);
  for (const nothing of [null, "null", "5", '"text"', "[]", "[1]", "{}"])
    expect(flattenAttributes(nothing)).toEqual([]);
});

test("given numbers with many digits, names that stand twice and names of prototypes, then each is there as it was sent", () => {
  const attributes =
    '{"b":18446744073709551615,"a":1.10,"2":1e400,"1":-0,"a":2,"__proto__":{"x":0.10000000000000000555}}';
  expect(flattenAttributes(attributes)).toEqual([
    ["b", "18446744073709551615"],
    ["a", "1.10"],
    ["2", "1e400"],
    ["1", "-0"],
    ["a", "2"],
    ["__proto__.x", "0.10000000000000000555"],
  ]);
});
