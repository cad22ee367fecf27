import { z } from "zod";

/** One of some names; the message completes the field's name and lists them. */
export const oneOf = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.enum(names, `must be one of ${names.join(", ")}`);
