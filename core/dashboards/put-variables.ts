import { splitPipes } from "@/core/analytics/find-pipe";
import { invalid } from "@/core/errors";
import { conditionOf } from "@/core/search/query/quote-value";
import { type Term, type Token, tokenise } from "@/core/search/query/tokenise";

/** Values that are chosen, by the name of their variable; none: all. */
export type Chosen = Readonly<Record<string, readonly string[]>>;

/** What every line matches. */
const ANYTHING = "*";
const QUOTED_OR_IF = /"(?:\\.|[^"\\])*"|\bif\(/gis;

/**
 * A query with the chosen values in the places of its variables. One stands as the value of a field, `service:$service`: where
 * that is, the language's own tokens tell, and what comes in its place is written by the language's own rules, so that whatever is
 * in a value stays a value. In quotes, or behind a backslash, it is text. Of several values one must hold; where all are chosen
 * the condition is none, and so is its contrary.
 * @throws Fault invalid for a variable that stands elsewhere, and for a query that can't be cut into tokens
 */
export function putVariables(query: string, chosen: Chosen): string {
  if (!query.includes("$")) return query;
  const { lines, pipes } = splitPipes(query);
  const filled = putInto(lines, chosen);
  if (pipes === null) return filled;
  // So that what is within the parentheses begins with a token of its own.
  return `${filled} ${putInto(pipes.replaceAll(QUOTED_OR_IF, withSpace), chosen)}`.trim();
}

const withSpace = (part: string) => (part.startsWith('"') ? part : "if (");

function putInto(text: string, chosen: Chosen): string {
  const tokens = tokenise(text);
  let filled = "";
  let at = 0;
  const put = (from: number, end: number, instead: string) => {
    refuseElsewhere(text.slice(at, from), chosen);
    filled += text.slice(at, from) + instead;
    at = end;
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "term") continue;
    const values = valuesOf(text, token, chosen);
    if (values === null || token.field === null) continue;
    const field = token.field;
    const end = token.position + token.length;
    if (values.length === 0) put(withoutNot(tokens, index)?.position ?? token.position, end, ANYTHING);
    else if (values.length === 1) put(token.position, end, conditionOf(field, values[0] ?? ""));
    else put(token.position, end, `(${values.map((value) => conditionOf(field, value)).join(" OR ")})`);
  }
  refuseElsewhere(text.slice(at), chosen);
  return filled + text.slice(at);
}

/** Null for a term whose value is no variable. */
function valuesOf(text: string, { value, operator, field, position, length, valuePosition }: Term, chosen: Chosen) {
  if (field === null || operator !== ":" || value.kind !== "word" || value.parts.length !== 1) return null;
  const written = text.slice(valuePosition, position + length);
  return written.startsWith("$") ? (named(chosen, written.slice(1)) ?? null) : null;
}

/** The first of the signs right before a term that say that it must not hold; undefined when there is none, or they are none together. */
function withoutNot(tokens: readonly Token[], index: number): Token | undefined {
  let first = index;
  while (tokens[first - 1]?.kind === "NOT" || tokens[first - 1]?.kind === "-") first--;
  return first === index ? undefined : tokens[first];
}

function refuseElsewhere(text: string, chosen: Chosen): void {
  for (const [, name = ""] of text.replaceAll(QUOTED_OR_IF, "").matchAll(/(?<![\\\w])\$([a-z]\w*)/gi)) {
    if (named(chosen, name) === undefined) continue;
    throw invalid(
      `the variable $${name} can only stand as the value of a field, such as service:$${name}; in quotes it is text`,
    );
  }
}

/** Names compare without case, as those of fields do. */
function named(chosen: Chosen, name: string): readonly string[] | undefined {
  const known = Object.keys(chosen).find((one) => one.toLowerCase() === name.toLowerCase());
  return known === undefined ? undefined : chosen[known];
}
