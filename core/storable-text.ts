import { z } from "zod";

/** PostgreSQL can't store it in text. */
const NUL = "must not hold the NUL character";

/** Text of at most so many characters that PostgreSQL can store; messages complete the field's name. */
export const storableText = (most: number) =>
  z
    .string("must be text")
    .max(most, `must have at most ${most} characters`)
    .refine((value) => !value.includes("\0"), NUL)
    .refine((value) => value.isWellFormed(), "must not hold half a surrogate pair");
