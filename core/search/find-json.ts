import { createScanner, type ParseError, parseTree } from "jsonc-parser";
import { LIMITS } from "@/core/limits";
import { type JsonTree, readJsonTree } from "./attribute-tree";

/** A text that is JSON, or ends with it. */
export type FoundJson = { before: string; json: string; tree: JsonTree };

/** A text may have this many brackets before the JSON at its end. */
const MOST_TRIES = 8;

/** Finds an object or an array with something in it, from a bracket of a text to its end; null when there is none. */
export function findJson(text: string): FoundJson | null {
  const trimmed = text.trimEnd();
  const closing = trimmed.at(-1);
  if (closing !== "}" && closing !== "]") return null;
  const opening = closing === "}" ? "{" : "[";
  let from = trimmed.indexOf(opening);
  for (let tries = 0; from >= 0 && tries < MOST_TRIES; tries++, from = trimmed.indexOf(opening, from + 1)) {
    const json = trimmed.slice(from);
    if (isJson(json)) return { before: trimmed.slice(0, from), json, tree: readJsonTree(json) };
  }
  return null;
}

function isJson(text: string): boolean {
  if (isTooDeep(text)) return false;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  return errors.length === 0 && (root?.children?.length ?? 0) > 0;
}

/** Whether it is nested deeper than attributes may be: the parser calls itself for each level. */
function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  do {
    scanner.scan();
    // A string begins with its quote, so a bracket is one.
    const sign = text[scanner.getTokenOffset()];
    if (sign === "{" || sign === "[") depth++;
    if (sign === "}" || sign === "]") depth--;
    if (depth > LIMITS.attributesDepth) return true;
  } while (scanner.getPosition() < text.length);
  return false;
}
