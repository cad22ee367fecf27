import { z } from "zod";

/** Text of which PostgreSQL can store each: UTF-8 without NUL; messages complete the field's name. */
export const onlyStorable = (text: z.ZodString): z.ZodString =>
  text
    .refine((value) => !value.includes("\0"), "must not hold the NUL character")
    .refine((value) => value.isWellFormed(), "must not hold half a surrogate pair");

/** Text that PostgreSQL can store, bounded by what it comes in. */
export const storable = onlyStorable(z.string("must be text"));

/** The same of at most so many characters. */
export const storableText = (most: number) => storable.max(most, `must have at most ${most} characters`);
