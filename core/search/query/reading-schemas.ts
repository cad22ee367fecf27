import { z } from "zod";

/** Another way to read what was asked: what it would be taken for, and the query that says so. */
export const otherReadingSchema = z.object({ taken_as: z.string(), query: z.string() });

/** What a part of a query that can be read in several ways was taken for. Places are those of UTF-16 code units in q. */
export const readingSchema = z.object({
  position: z.number(),
  length: z.number(),
  text: z.string(),
  taken_as: z.string(),
  /** For a condition of an attribute its path: once an entry has it, there is no doubt any more. */
  attribute: z.string().nullable(),
  instead: z.array(otherReadingSchema),
});

export type OtherReading = z.infer<typeof otherReadingSchema>;
export type Reading = z.infer<typeof readingSchema>;
