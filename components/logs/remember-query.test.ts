import { expect, test } from "vitest";
import { queriesWith, rememberQuery } from "./remember-query";

test("given queries, when one is asked again, then it comes first and stands once", () => {
  expect(rememberQuery(["a", "b", "c"], " b ")).toEqual(["b", "a", "c"]);
  expect(rememberQuery(["a"], "new")).toEqual(["new", "a"]);
});

test("given nothing asked, or more than is kept, then nothing changes", () => {
  expect(rememberQuery(["a"], "  ")).toEqual(["a"]);
  expect(rememberQuery(["a"], "x".repeat(100_001))).toEqual(["a"]);
});

test("given more than are kept, then the oldest go, by number and by length", () => {
  const many = Array.from({ length: 50 }, (_, index) => `query ${index}`);
  expect(rememberQuery(many, "another")).toEqual(["another", ...many.slice(0, 49)]);
  const long = ["b", "c", "d"].map((letter) => letter.repeat(30_000));
  expect(rememberQuery(long, "a".repeat(30_000)).map((query) => query[0])).toEqual(["a", "b", "c"]);
});

test("given what is typed, then what was asked and holds it is found, but not itself", () => {
  const queries = ["level:error", "ERROR in checkout", "warning"];
  expect(queriesWith(queries, "error")).toEqual(["level:error", "ERROR in checkout"]);
  expect(queriesWith(queries, "level:error ")).toEqual([]);
  expect(queriesWith(queries, "")).toEqual(queries);
});
