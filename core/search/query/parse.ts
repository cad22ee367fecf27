import { levelIndex } from "@/core/ingest/level";
import { parseRfc3339 } from "@/core/ingest/timestamp";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { isPatternId } from "@/core/patterns/pattern-id";
import { fold } from "./fold";
import { matchesPattern } from "./match-pattern";
import { matchesRegex } from "./match-regex";
import { normaliseQuery } from "./normalise-query";
import { queryError } from "./query-error";
import { type Comparison, EVERYTHING, type Field, type Match, type QueryNode, type Test } from "./query-tree";
import { compileRegex } from "./regex";
import { type Token, tokenise, type Value } from "./tokenise";

type Term = Extract<Token, { kind: "term" }>;

const NAMES: Readonly<Record<string, Exclude<Field["name"], "attribute">>> = {
  message: "message",
  msg: "message",
  service: "service",
  level: "level",
  tags: "tags",
  tag: "tags",
  timestamp: "timestamp",
  pattern: "pattern",
};

/**
 * Reads the query language (design section 7): NOT binds closest, then AND, which stands between neighbours by itself, then
 * OR. Takes time in proportion to the query's length.
 * @returns the tree, flattened and without repetitions
 * @throws Fault invalid with what is wrong and where
 */
export function parseQuery(query: string): QueryNode {
  const bytes = Buffer.byteLength(query);
  if (bytes > LIMITS.queryBytes)
    throw queryError(`the query has more than ${LIMITS.queryBytes} bytes`, 0, query.length);
  if (query.includes("\0")) throw queryError("the NUL character can't be searched for", query.indexOf("\0"));
  if (!query.isWellFormed()) throw queryError("the query has half a surrogate pair", 0, query.length);
  const tokens = tokenise(query);
  if (tokens.length === 0) return EVERYTHING;
  return normaliseQuery(new Parser(tokens, query.length).parse());
}

class Parser {
  private at = 0;
  private terms = 0;

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
      children.push(this.and(depth));
    }
    return children.length === 1 && children[0] ? children[0] : { kind: "or", children };
  }

  private and(depth: number): QueryNode {
    const children = [this.not(depth)];
    for (;;) {
      const token = this.tokens[this.at];
      if (!token || token.kind === "OR" || token.kind === ")") break;
      if (token.kind === "AND") this.at++;
      children.push(this.not(depth));
    }
    return children.length === 1 && children[0] ? children[0] : { kind: "and", children };
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
    return matchOf(token);
  }
}

function matchOf(token: Term): Match {
  const field = fieldOf(token);
  return { kind: "match", field, test: testOf(field, token) };
}

function fieldOf({ field }: Term): Field {
  if (field === null) return { name: "message" };
  const folded = fold(field);
  const known = Object.hasOwn(NAMES, folded) ? NAMES[folded] : undefined;
  return known ? { name: known } : { name: "attribute", path: folded.split(".") };
}

function testOf(field: Field, token: Term): Test {
  const { value, operator, position, length } = token;
  if (field.name === "level") return { op: "levels", levels: levelsOf(token) };
  if (field.name === "pattern") return { op: "patterns", ids: [patternIdOf(token)] };
  if (field.name === "timestamp") {
    if (operator === ":" || operator === null) throw queryError("timestamp needs >=, >, <= or <", position, length);
    return { op: "compare", comparison: operator, value: timeOf(token) };
  }
  if (operator !== null && operator !== ":") {
    if (field.name !== "attribute")
      throw queryError(`${field.name} can't be compared by ${operator}`, position, length);
    return { op: "compare", comparison: operator, value: numberOf(token, operator) };
  }
  if (value.kind === "regex") return { op: "regex", regex: compileRegex(value.source, token.valuePosition + 1) };
  return { op: field.name === "message" ? "contains" : "equals", pattern: patternOf(value) };
}

const patternOf = (value: Exclude<Value, { kind: "regex" }>) =>
  value.kind === "phrase" ? [fold(value.text)] : value.parts.map(fold);

const textOf = (value: Value) =>
  value.kind === "phrase" ? value.text : value.kind === "word" ? value.parts.join("*") : `/${value.source}/`;

function numberOf({ value, position, length }: Term, operator: Comparison): number {
  const text = textOf(value);
  const number = Number(text);
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(number)) {
    throw queryError(`${operator} needs a number, not ${text}`, position, length);
  }
  return number;
}

function patternIdOf({ value, operator, position, length }: Term): string {
  const text = textOf(value);
  if (operator !== ":" || !isPatternId(text)) {
    throw queryError("pattern needs : and the number of a pattern", position, length);
  }
  return String(BigInt(text));
}

/** Microseconds since 1970 of a date-time of RFC 3339, or of a date, which stands for its beginning in UTC. */
function timeOf({ value, position, length }: Term): number {
  const text = textOf(value);
  const bytes = Buffer.from(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  const micros = parseRfc3339(bytes, 0, bytes.length);
  if (Number.isNaN(micros)) {
    throw queryError(
      `timestamp needs a date such as 2026-01-31 or 2026-01-31T09:30:00Z, not ${text}`,
      position,
      length,
    );
  }
  return micros;
}

function levelsOf(token: Term): number[] {
  const { value, operator, position, length } = token;
  const all = LEVELS.map((_, index) => index);
  if (value.kind === "regex" && operator === ":") {
    const regex = compileRegex(value.source, token.valuePosition + 1);
    return all.filter((index) => matchesRegex(regex, LEVELS[index] ?? ""));
  }
  const pattern = value.kind === "regex" ? [] : patternOf(value);
  if (pattern.length > 1 && operator === ":") {
    return all.filter((index) => matchesPattern(pattern, LEVELS[index] ?? "", "equals"));
  }
  const name = Buffer.from(textOf(value));
  const level = levelIndex(name, 0, name.length);
  if (level < 0) throw queryError(`${textOf(value)} is no level: they are ${LEVELS.join(", ")}`, position, length);
  switch (operator) {
    case ">=":
      return all.filter((index) => index >= level);
    case ">":
      return all.filter((index) => index > level);
    case "<=":
      return all.filter((index) => index <= level);
    case "<":
      return all.filter((index) => index < level);
    default:
      return [level];
  }
}
