import { expect, test } from "vitest";
import { errorWithin } from "./several-input-props";

test("given what is wrong with parts of a form, then a field shows its own, else that of its first part, and never another's", () => {
  const errors = {
    by: undefined,
    "by.1": "is too long",
    "by.2": "must be a field",
    byte: "is required",
    name: "is taken",
  };
  expect(errorWithin(errors, "by")).toBe("is too long");
  expect(errorWithin(errors, "name")).toBe("is taken");
  expect(errorWithin(errors, "query")).toBeUndefined();
  expect(errorWithin({ ...errors, by: "must be at most 5" }, "by")).toBe("must be at most 5");
});
