import { isBigint } from "@/core/bigint-text";
import { levelIndex } from "@/core/ingest/level";
import { parseRfc3339 } from "@/core/ingest/timestamp";
import { LEVELS } from "@/core/levels";
import { fieldOf } from "./field-names";
import { matchesPattern } from "./match-pattern";
import { matchesRegex } from "./match-regex";
import { patternOf } from "./pattern-of";
import { queryError } from "./query-error";
import type { Comparison, Field, Match, Test } from "./query-tree";
import { compileRegex } from "./regex";
import type { Term, Value } from "./tokenise";

/** What one term asks for. @throws Fault invalid for a value that its field can't have */
export function matchOf(token: Term): Match {
  const field = fieldOf(token.field);
  return { kind: "match", field, test: testOf(field, token) };
}

function testOf(field: Field, token: Term): Test {
  const { value, operator, position, length } = token;
  if (field.name === "level") return { op: "levels", levels: levelsOf(token) };
  if (field.name === "pattern") return { op: "patterns", ids: patternIdsOf(token) };
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

/** Null for `pattern:*`. */
function patternIdsOf({ value, operator, position, length }: Term): string[] | null {
  const text = textOf(value);
  if (operator === ":" && value.kind === "word" && text === "*") return null;
  if (operator !== ":" || !isBigint(text)) {
    throw queryError("pattern needs : and the number of a pattern, or *", position, length);
  }
  return [String(BigInt(text))];
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
