import { z } from "zod";

/** PostgreSQL can't store it in text. */
const NUL = "must not hold the NUL character";

/** Text that PostgreSQL can store, bounded by what it comes in; messages complete the field's name. */
export const storable = z
  .string("must be text")
  .refine((value) => !value.includes("\0"), NUL)
  .refine((value) => value.isWellFormed(), "must not hold half a surrogate pair");

/** The same of at most so many characters. */
export const storableText = (most: number) => storable.max(most, `must have at most ${most} characters`);
