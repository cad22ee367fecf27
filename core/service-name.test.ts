import { expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "./service-name";

const problemOf = (name: unknown) => serviceNameSchema.safeParse(name).error?.issues[0]?.message;

test.each([
  [undefined, "is required"],
  ["", "must not be empty"],
  [" \t", "must not be empty"],
  ["a\0b", "must not hold the NUL character"],
  ["x".repeat(LIMITS.serviceCharacters + 1), "must have at most 200 characters"],
])("given the name %j, then it %s", (name, problem) => {
  expect(problemOf(name)).toBe(problem);
});

test("given as many characters as are allowed, of two UTF-16 units each, then it is a name", () => {
  expect(problemOf("🪵".repeat(LIMITS.serviceCharacters))).toBeUndefined();
});
