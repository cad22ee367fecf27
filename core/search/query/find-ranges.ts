import { fold } from "./fold";
import { matchesPattern } from "./match-pattern";
import { patternOf } from "./pattern-of";
import type { Value } from "./tokenise";

/** A part of a text, from the first UTF-16 code unit to before the last. */
export type Range = { from: number; to: number };

/** More in one text are of no use to anybody. */
export const MOST_RANGES = 500;

/** Where a word or phrase stands in a text, in any case of letters; of a word with wildcards, what stands between those. */
export function findWord(value: Exclude<Value, { kind: "regex" }>, text: string): Range[] {
  const folded = fold(text);
  // Places in it are places in the text only while no character has become longer.
  if (folded.length !== text.length) return [];
  const parts = patternOf(value).filter((part) => part !== "");
  const ranges: Range[] = [];
  if (parts.length === 0) return ranges;
  for (let at = 0; ranges.length < MOST_RANGES; ) {
    const found: Range[] = [];
    for (const part of parts) {
      const from = folded.indexOf(part, found.at(-1)?.to ?? at);
      if (from < 0) return ranges;
      found.push({ from, to: from + part.length });
    }
    ranges.push(...found);
    at = found.at(-1)?.to ?? folded.length;
  }
  return ranges;
}

/** Whether the whole text is what is asked for. */
export const isWord = (value: Exclude<Value, { kind: "regex" }>, text: string): boolean =>
  matchesPattern(patternOf(value), fold(text), "equals");

/** In their order, none within or over another; those that touch are one. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from || one.to - other.to)) {
    const last = joined.at(-1);
    if (last && range.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else joined.push(range);
  }
  return joined;
}
