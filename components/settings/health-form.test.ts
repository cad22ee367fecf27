import { expect, test } from "vitest";
import { healthSchema } from "@/core/settings/schemas";
import { inputOf, valuesOf } from "./health-form";

const STORED = {
  error: { errors: 10, error_rate: 0.05 },
  warning: { errors: null, error_rate: 0.015, warnings: 100, warning_rate: null },
  least_entries: 20,
};

test("given limits that are stored, then the form holds percent, and gives them back as they were", () => {
  const values = valuesOf(STORED);
  expect(values).toMatchObject({ error: { error_rate: 5 }, warning: { error_rate: 1.5, warning_rate: "" } });
  expect(inputOf(values)).toEqual(STORED);
});

test("given a share that ends in zeros as it is typed, which the input holds as a text, then it is that number", () => {
  const values = valuesOf(STORED);
  const typed = { ...values, error: { errors: "10.0", error_rate: "2.50" } };
  expect(inputOf(typed).error).toEqual({ errors: 10, error_rate: 0.025 });
});

test("given what is no number, then it is refused, and not taken for nothing", () => {
  const values = valuesOf(STORED);
  const input = inputOf({ ...values, error: { ...values.error, error_rate: "much" } });
  expect(healthSchema.safeParse(input).success).toBe(false);
});
