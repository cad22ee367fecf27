import { z } from "zod";
import { LIMITS } from "@/core/limits";

const time = z.iso.datetime({ offset: true, error: "must be a date-time of RFC 3339, such as 2026-01-31T09:30:00Z" });

const text = (name: string, most: number) =>
  z.string(`${name} must be text`).max(most, `must have at most ${most} characters`).refine(isStorable, NUL);

/** PostgreSQL can't store it in text. */
const NUL = "must not hold the NUL character";
function isStorable(value: string): boolean {
  return !value.includes("\0");
}

/** What is remembered of the explorer. Either `range`, or `from` and `to`. */
export const viewInputSchema = z
  .strictObject({
    name: z
      .string("is required")
      .trim()
      .min(1, "must not be empty")
      .max(LIMITS.viewNameCharacters, `must have at most ${LIMITS.viewNameCharacters} characters`)
      .refine(isStorable, NUL),
    query: text("query", LIMITS.queryBytes).default(""),
    range: z
      .string()
      .max(10, "must be the name of a range, such as 1h")
      .refine(isStorable, NUL)
      .nullable()
      .default(null),
    from: time.nullable().default(null),
    to: time.nullable().default(null),
    columns: z
      .array(text("a column", LIMITS.columnCharacters).min(1, "must not be empty"), "must be a list of columns")
      .max(LIMITS.columns, `must have at most ${LIMITS.columns} columns`)
      .default([]),
  })
  .refine(({ range, from, to }) => (range === null) === (from !== null && to !== null), {
    path: ["range"],
    message: "must be given, or from and to instead",
  });

export const savedViewSchema = z.object({
  id: z.number(),
  name: z.string(),
  query: z.string(),
  range: z.string().nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  columns: z.array(z.string()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export type ViewInput = z.output<typeof viewInputSchema>;
export type SavedView = z.infer<typeof savedViewSchema>;
