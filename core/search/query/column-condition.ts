import { type SQL, sql } from "drizzle-orm";
import { type AttributeColumn, canonicalNumber, columnNameOf } from "@/core/segments/attribute-columns";
import { identifier } from "@/core/segments/duck";
import { duckTextTest } from "./duck-texts";
import type { Test } from "./query-tree";

/**
 * A test of an attribute that has a column of its own, in DuckDB's SQL: exact, as the column is.
 * @returns null where the column can't tell: what a number that is no integer is written as, DuckDB says otherwise than we do
 */
export function columnCondition({ path, kind }: AttributeColumn, test: Test): SQL | null {
  const column = sql.raw(identifier(columnNameOf(path)));
  const found = testOf(column, kind, test);
  return found && sql`(${column} is not null and ${found})`;
}

function testOf(column: SQL, kind: AttributeColumn["kind"], test: Test): SQL | null {
  if (kind === "text") return duckTextTest(test, sql`lower(${column})`);
  if (test.op === "compare") return kind === "integer" ? integerTest(column, test) : numberTest(column, test);
  if (test.op === "equals" && test.pattern.length === 1) {
    const number = canonicalNumber(test.pattern[0] ?? "");
    if (number === null || (kind === "integer" && !Number.isInteger(number))) return sql`false`;
    return kind === "integer" ? sql`${column} = ${number}::bigint` : sql`${column} = ${String(number)}::double`;
  }
  return kind === "integer" ? duckTextTest(test, sql`${column}::varchar`) : null;
}

type Compare = Extract<Test, { op: "compare" }>;

const numberTest = (column: SQL, { comparison, value }: Compare) =>
  sql`${column} ${sql.raw(comparison)} ${String(value)}::double`;

/** Against an integer, so that DuckDB may pass over row groups by their statistics. */
function integerTest(column: SQL, { comparison, value }: Compare): SQL {
  const rounded = comparison === ">" || comparison === "<=" ? Math.floor(value) : Math.ceil(value);
  const bound = Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, rounded));
  return sql`${column} ${sql.raw(comparison)} ${bound}::bigint`;
}
