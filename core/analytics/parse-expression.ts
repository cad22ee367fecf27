import { LIMITS } from "@/core/limits";
import type { PipeReader } from "./pipe-reader";
import { type Condition, type Expression, TABLE_COMPARISONS } from "./pipe-tree";
import { readColumn } from "./read-column";

type Columns = ReadonlySet<string>;

/**
 * Reads `errors / total * 100`: * and / before + and -, from the left.
 * @param columns that there are
 * @throws Fault invalid
 */
export const parseExpression = (reader: PipeReader, columns: Columns, depth = 0): Expression =>
  fromTheLeft(reader, ["+", "-"], () => fromTheLeft(reader, ["*", "/"], () => readFactor(reader, columns, depth)));

type Sign = "+" | "-" | "*" | "/";

/** Operands with signs of one rank between them. */
function fromTheLeft(reader: PipeReader, signs: readonly Sign[], readOperand: () => Expression): Expression {
  let left = readOperand();
  for (;;) {
    const kind = reader.takeOperator(signs);
    if (!kind) return left;
    left = { kind, left, right: readOperand() };
  }
}

function readFactor(reader: PipeReader, columns: Columns, depth: number): Expression {
  if (depth > LIMITS.queryDepth) reader.fail(`nested deeper than ${LIMITS.queryDepth}`);
  if (reader.takeOperator(["-"])) return { kind: "negative", of: readFactor(reader, columns, depth + 1) };
  if (reader.take("(")) {
    const inner = parseExpression(reader, columns, depth + 1);
    reader.expect(")");
    return inner;
  }
  const value = reader.number();
  if (value !== null) return { kind: "number", value };
  if (reader.isAtEnd) throw reader.missing("a number or a column");
  return { kind: "column", name: readColumn(reader, columns) };
}

/**
 * Reads `errors > 10 and (service = "pay" or not rate < 0.5)`: not before and before or.
 * @throws Fault invalid
 */
export function parseCondition(reader: PipeReader, columns: Columns, depth = 0): Condition {
  const children = [readAll(reader, columns, depth)];
  while (reader.takeOperatorWord("or")) children.push(readAll(reader, columns, depth));
  const [only] = children;
  return children.length === 1 && only ? only : { kind: "or", children };
}

function readAll(reader: PipeReader, columns: Columns, depth: number): Condition {
  const children = [readOne(reader, columns, depth)];
  while (reader.takeOperatorWord("and")) children.push(readOne(reader, columns, depth));
  const [only] = children;
  return children.length === 1 && only ? only : { kind: "and", children };
}

function readOne(reader: PipeReader, columns: Columns, depth: number): Condition {
  if (depth > LIMITS.queryDepth) reader.fail(`nested deeper than ${LIMITS.queryDepth}`);
  if (reader.takeOperatorWord("not")) return { kind: "not", child: readOne(reader, columns, depth + 1) };
  return readGroup(reader, columns, depth) ?? readComparison(reader, columns, depth);
}

/** A ( begins a condition or an expression: which of them, what follows its ) tells. */
function readGroup(reader: PipeReader, columns: Columns, depth: number): Condition | null {
  const { at } = reader;
  if (!reader.take("(")) return null;
  const inside = reader.untilClosed();
  const isCondition = /[<>=!]/.test(inside.replaceAll(/"(?:\\.|[^"\\])*"/gs, ""));
  reader.at = at;
  if (!isCondition) return null;
  reader.take("(");
  const inner = parseCondition(reader, columns, depth + 1);
  reader.expect(")");
  return inner;
}

function readComparison(reader: PipeReader, columns: Columns, depth: number): Condition {
  const left = readOperand(reader, columns, depth);
  const comparison = reader.takeOperator(TABLE_COMPARISONS);
  if (!comparison) throw reader.missing(`one of ${TABLE_COMPARISONS.join(" ")}`);
  return { kind: "compare", comparison, left, right: readOperand(reader, columns, depth) };
}

/** A text in quotes is a column where there is one of that name. */
function readOperand(reader: PipeReader, columns: Columns, depth: number): Expression {
  const { at } = reader;
  const text = reader.quoted();
  if (text !== null && !columns.has(text)) return { kind: "text", value: text };
  reader.at = at;
  return parseExpression(reader, columns, depth);
}
