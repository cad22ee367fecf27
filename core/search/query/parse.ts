import { type Fault, isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { matchOf } from "./match-of";
import { normaliseQuery } from "./normalise-query";
import { queryError } from "./query-error";
import { EVERYTHING, type QueryNode } from "./query-tree";
import { textProblem } from "./text-problem";
import { type Term, type Token, tokenise } from "./tokenise";

/** @throws Fault invalid for text that no search may be given */
export function checkQuery(query: string): void {
  const found = textProblem(query);
  if (found) throw queryError(found.problem, found.position, found.length);
}

/**
 * Reads the query language (docs/search.md): NOT binds closest, then AND, which stands between neighbours by itself, then
 * OR. Takes time in proportion to the query's length.
 * @returns the tree, flattened and without repetitions
 * @throws Fault invalid with what is wrong and where
 */
export function parseQuery(query: string): QueryNode {
  checkQuery(query);
  const tokens = tokenise(query);
  if (tokens.length === 0) return EVERYTHING;
  return normaliseQuery(parseTokens(tokens, query.length).tree);
}

/** The tree, or what is wrong with a query that may be none. */
export function tryParse(query: string): QueryNode | Fault {
  try {
    return parseQuery(query);
  } catch (error) {
    if (isFault(error) && error.kind === "invalid") return error;
    throw error;
  }
}

/** Where in a query something stands. */
type Range = { from: number; end: number };

/**
 * The tree of a query as it was written, and the places of what stands next to one another at its top.
 * @param tokens at least one
 * @throws Fault invalid with what is wrong and where
 */
export function parseTokens(tokens: readonly Token[], length: number) {
  const parser = new Parser(tokens, length);
  const tree = parser.parse();
  return { tree, ranges: parser.ranges, isAnd: !parser.hasAlternatives };
}

class Parser {
  private at = 0;
  private terms = 0;
  readonly ranges: Range[] = [];
  hasAlternatives = false;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  parse(): QueryNode {
    const tree = this.or(0);
    const rest = this.tokens[this.at];
    if (rest) throw queryError("a ) closes nothing", rest.position);
    return tree;
  }

  private or(depth: number): QueryNode {
    const children = [this.and(depth)];
    while (this.tokens[this.at]?.kind === "OR") {
      this.at++;
      this.hasAlternatives ||= depth === 0;
      children.push(this.and(depth));
    }
    return children.length === 1 && children[0] ? children[0] : { kind: "or", children };
  }

  private and(depth: number): QueryNode {
    const children = [this.part(depth)];
    for (;;) {
      const token = this.tokens[this.at];
      if (!token || token.kind === "OR" || token.kind === ")") break;
      if (token.kind === "AND") this.at++;
      children.push(this.part(depth));
    }
    return children.length === 1 && children[0] ? children[0] : { kind: "and", children };
  }

  private part(depth: number): QueryNode {
    const from = this.tokens[this.at]?.position ?? this.end;
    const node = this.not(depth);
    const last = this.tokens[this.at - 1];
    if (depth === 0 && last) this.ranges.push({ from, end: last.position + last.length });
    return node;
  }

  /** Two of them are none, so they are counted instead of nested. */
  private not(depth: number): QueryNode {
    let isNegated = false;
    for (;;) {
      const token = this.tokens[this.at];
      if (token?.kind !== "NOT" && token?.kind !== "-") break;
      isNegated = !isNegated;
      this.at++;
    }
    const child = this.primary(depth);
    return isNegated ? { kind: "not", child } : child;
  }

  private primary(depth: number): QueryNode {
    const token = this.tokens[this.at];
    const before = this.tokens[this.at - 1];
    if (!token) {
      const position = before?.position ?? 0;
      throw queryError(
        `something to search for is missing after ${before?.kind ?? "the beginning"}`,
        position,
        this.end - position,
      );
    }
    if (token.kind === "(") {
      if (depth >= LIMITS.queryDepth)
        throw queryError(`parentheses are nested deeper than ${LIMITS.queryDepth}`, token.position);
      this.at++;
      if (this.tokens[this.at]?.kind === ")") throw queryError("there is nothing between ( and )", token.position, 2);
      const inner = this.or(depth + 1);
      if (this.tokens[this.at]?.kind !== ")") throw queryError("a ( is not closed", token.position);
      this.at++;
      return inner;
    }
    if (token.kind !== "term") {
      throw queryError(`something to search for is missing before ${token.kind}`, token.position, token.length);
    }
    this.at++;
    if (++this.terms > LIMITS.queryTerms)
      throw queryError(`there are more than ${LIMITS.queryTerms} terms`, token.position, token.length);
    return isAnything(token) ? EVERYTHING : matchOf(token);
  }
}

/** A * by itself: what is searched for stands in every entry. */
const isAnything = ({ field, value }: Term) =>
  field === null && value.kind === "word" && value.parts.length > 1 && value.parts.every((part) => part === "");
