import type { QueryNode } from "./query-tree";
import { isGroup } from "./split-query";
import { testsField } from "./tests-field";

/** Fewer words are what people type. */
const FEWEST_WORDS = 4;

/** Whether a text has as many words as a line of a log that somebody pasted. */
export const hasManyWords = (text: string): boolean => text.trim().split(/\s+/).length >= FEWEST_WORDS;

/**
 * A query that is whole by itself, of which nothing is in doubt: of conditions on fields alone, one phrase, or in parentheses, as
 * readQuery writes them too.
 * @param tree of the text
 */
export function isExplicit(text: string, tree: QueryNode): boolean {
  if (!testsField(tree, "message")) return true;
  if (tree.kind === "match") return text.startsWith('"') && text.endsWith('"');
  return isGroup(text) || /^".*" OR \(.*\)$/s.test(text);
}
