import { isFault } from "@/core/errors";
import { fieldOf } from "./field-names";
import type { Field } from "./query-tree";
import { type Token, tokenise, type Value } from "./tokenise";

/** Something that an entry may have been found by. `isCompared` is it by its size: the whole value counts. */
export type SearchedTerm = { field: Field; value: Value; isCompared: boolean };

/**
 * What a query asks entries to have, whichever way its terms are joined; not what they must not have. For marking it where it
 * stands: pages have no parser that knows times and levels.
 * @returns nothing for a query that is wrong
 */
export function searchedTerms(query: string): SearchedTerm[] {
  let tokens: Token[];
  try {
    tokens = tokenise(query);
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
  const terms: SearchedTerm[] = [];
  /** For each group that is open, whether what stands around it is negated. */
  const around: boolean[] = [];
  let isNegated = false;
  let isNextNegated = false;
  for (const token of tokens) {
    if (token.kind === "NOT" || token.kind === "-") {
      isNextNegated = !isNextNegated;
      continue;
    }
    if (token.kind === "(") {
      around.push(isNegated);
      isNegated = isNegated !== isNextNegated;
    } else if (token.kind === ")") {
      isNegated = around.pop() ?? false;
    } else if (token.kind === "term" && isNegated === isNextNegated) {
      const { operator, value } = token;
      terms.push({ field: fieldOf(token.field), value, isCompared: operator !== null && operator !== ":" });
    }
    isNextNegated = false;
  }
  return terms;
}
