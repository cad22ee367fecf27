import { isFault } from "@/core/errors";
import { MOST_RANGES, type Range } from "./find-ranges";
import { fold } from "./fold";
import { engineOf } from "./match-regex";
import { compileRegex } from "./regex";

/**
 * Where a regular expression of a query matches, in time linear to the text. In a file of its own, because its engine is large:
 * a page loads it when a query has one.
 * @returns nothing for an expression that is wrong
 */
export function findRegex(source: string, text: string): Range[] {
  const folded = fold(text);
  if (folded.length !== text.length) return [];
  try {
    const matcher = engineOf(compileRegex(source, 0)).matcher(folded);
    const ranges: Range[] = [];
    while (ranges.length < MOST_RANGES && matcher.find()) {
      const range = { from: matcher.start(), to: matcher.end() };
      if (range.from < range.to) ranges.push(range);
    }
    return ranges;
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}
