import { z } from "zod";

/**
 * An attribute that has a column of its own in a segment's file, which holds for each entry the one text at this path
 * (core/search/query/attribute-texts.ts); null when there is none. No entry of the segment has several.
 */
export const attributeColumnSchema = z.object({
  /** Folded names with dots between them, as a query has them. */
  path: z.string(),
  /** Numbers only where each text is what its number is written as, so that nothing of it is lost: BIGINT or DOUBLE. Else VARCHAR. */
  kind: z.enum(["integer", "number", "text"]),
});

export type AttributeColumn = z.infer<typeof attributeColumnSchema>;

/** Texts of numbers that a column of numbers takes are no longer, so that a query takes them for numbers too. */
const MOST_DIGITS = 15;

/** What the column is called in the file. */
export const columnNameOf = (path: string): string => `attributes.${path}`;

/** Which paths can have a column. */
export const canHaveColumn = (path: string): boolean =>
  /^[a-z0-9_@-]+(\.[a-z0-9_@-]+)*$/.test(path) && path.length <= 100;

/**
 * The number that a text is, if the number is written like that (ECMAScript, Number::toString) and without an exponent: `12`, `0.5`,
 * but not `012`, `1.50` or `-0`. Null for any other text.
 */
export function canonicalNumber(text: string): number | null {
  if (text.length > MOST_DIGITS + 2 || !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) return null;
  const number = Number(text);
  return String(number) === text && Math.abs(number) < 10 ** MOST_DIGITS ? number : null;
}
