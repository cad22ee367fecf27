import { z } from "zod";

/** A whole number in JSON; the message completes the field's name. */
export function whole(min: number, max: number) {
  const problem = `must be a whole number from ${min} to ${max}`;
  return z.int(problem).min(min, problem).max(max, problem);
}

/**
 * A whole number written in decimal digits, as environment variables and query strings carry it.
 * @param max at most Number.MAX_SAFE_INTEGER, which has 16 digits
 */
export function wholeNumber(min: number, max: number) {
  const problem = `must be a whole number from ${min} to ${max}`;
  return (
    z
      .string()
      .regex(/^\d{1,16}$/, problem)
      .transform(Number)
      .refine((value) => value >= min && value <= max, problem)
      // As the description of the API has it: a parameter is a number there, however it is written.
      .meta({ type: "integer", minimum: min, maximum: max })
  );
}
