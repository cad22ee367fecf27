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
  expect(flattenAttributes(attributes)).toEqual([
    ["http.status", "500"],
    ["user.id", "7"],
    ["list", "1"],
    ["list.a", "true"],
    ["list", "2"],
    ["", "0"],
  ]);
  for (const nothing of [null, undefined, 5, "text", [], [1]]) expect(flattenAttributes(nothing)).toEqual([]);
});
