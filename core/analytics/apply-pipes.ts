import { compare } from "@/core/search/query/to-predicate";
import type { Cell } from "./accumulator";
import type { Column, Table } from "./group-entries";
import type { Condition, Expression, TablePipe } from "./pipe-tree";
import { numberIn, numberOf } from "./values-of";

type CellOf = (row: readonly Cell[]) => Cell;

/** Does with a table what the pipes after the first say, in their order. */
export function applyPipes(table: Table, pipes: readonly TablePipe[]): Table {
  return pipes.reduce(applyPipe, table);
}

function applyPipe(table: Table, pipe: TablePipe): Table {
  const { columns, rows } = table;
  switch (pipe.kind) {
    case "where": {
      const holds = conditionOf(pipe.condition, table);
      const left = rows.filter(holds);
      const areWhole = left.length === rows.length || isOfKeys(pipe.condition, table);
      return { columns: areWhole ? columns : withoutEmpty(columns), rows: left };
    }
    case "math": {
      const cellOf = expressionOf(pipe.expression, table);
      return {
        columns: [...columns, { ...COMPUTED, name: pipe.name }],
        rows: rows.map((row) => [...row, numberIn(cellOf(row))]),
      };
    }
    case "sort": {
      const by = pipe.by.map(({ column, isDescending }) => ({ place: placeOf(table, column), isDescending }));
      return { columns, rows: sortRows(rows, by) };
    }
    case "limit":
      return {
        columns: rows.length <= pipe.count ? columns : withoutEmpty(columns),
        rows: rows.slice(0, pipe.count),
      };
    case "fields": {
      const places = pipe.columns.map((name) => placeOf(table, name));
      return {
        columns: places.flatMap((place) => columns[place] ?? []),
        rows: rows.map((row) => places.map((place) => row[place] ?? null)),
      };
    }
  }
}

const placeOf = ({ columns }: Table, name: string) => columns.findIndex((column) => column.name === name);

const COMPUTED = { type: "number", field: null, empty: null, adds: false, condition: null } as const;

/** Of a table of which rows were taken away, a row that is not there says nothing of its group. */
const withoutEmpty = (columns: readonly Column[]): Column[] => columns.map((column) => ({ ...column, empty: null }));

/** Whether it looks at nothing but what groups are called, so that it takes away all that there is of one. */
function isOfKeys(condition: Condition, table: Table): boolean {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.children.every((child) => isOfKeys(child, table));
    case "not":
      return isOfKeys(condition.child, table);
    case "compare":
      return columnsIn(condition.left)
        .concat(columnsIn(condition.right))
        .every((name) => {
          const column = table.columns[placeOf(table, name)];
          return column?.type === "text" && column.field !== null;
        });
  }
}

function columnsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
    case "text":
      return [];
    case "column":
      return [expression.name];
    case "negative":
      return columnsIn(expression.of);
    default:
      return [...columnsIn(expression.left), ...columnsIn(expression.right)];
  }
}

type Order = readonly { place: number; isDescending: boolean }[];

/** What has no value comes last, however it is sorted. */
export function sortRows(rows: readonly Cell[][], by: Order): Cell[][] {
  const ranks = by.map(({ place, isDescending }) => ranksOf(rows, place, isDescending));
  const order = rows.map((_, index) => index);
  order.sort((one, other) => {
    for (const rank of ranks) {
      const difference = (rank[one] ?? 0) - (rank[other] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return order.map((index) => rows[index] ?? []);
}

/** Of each row, at which place its cell is among the different cells of the column: they are few, and numbers are compared sooner. */
function ranksOf(rows: readonly Cell[][], place: number, isDescending: boolean): number[] {
  const cells = new Set<string | number>();
  for (const row of rows) {
    const cell = row[place] ?? null;
    if (cell !== null) cells.add(cell);
  }
  const sorted = [...cells].map(sortedAs).sort(isDescending ? (a, b) => compareSorted(b, a) : compareSorted);
  const ranks = new Map<Cell, number>([[null, sorted.length]]);
  for (const [rank, { cell }] of sorted.entries()) ranks.set(cell, rank);
  return rows.map((row) => ranks.get(row[place] ?? null) ?? 0);
}

/** A cell, and what is looked at first when it is sorted. */
type Sorted = { cell: string | number; kind: "1 number" | "2 like a number" | "3 text"; value: number };

function sortedAs(cell: string | number): Sorted {
  if (typeof cell === "number") return { cell, kind: "1 number", value: cell };
  const value = numberOf(cell);
  return value === null ? { cell, kind: "3 text", value: 0 } : { cell, kind: "2 like a number", value };
}

/** Numbers by their size, then texts that look like numbers by theirs, then others; what is alike so far by its characters. */
function compareSorted(a: Sorted, b: Sorted): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.cell < b.cell ? -1 : a.cell > b.cell ? 1 : 0;
}

function expressionOf(expression: Expression, table: Table): CellOf {
  switch (expression.kind) {
    case "number":
    case "text":
      return () => expression.value;
    case "column": {
      const place = placeOf(table, expression.name);
      return (row) => row[place] ?? null;
    }
    case "negative": {
      const of = expressionOf(expression.of, table);
      return (row) => {
        const value = numberIn(of(row));
        return value === null ? null : -value;
      };
    }
    default: {
      const { kind } = expression;
      const [left, right] = [expressionOf(expression.left, table), expressionOf(expression.right, table)];
      return (row) => calculate(kind, left(row), right(row));
    }
  }
}

/** Null where one is missing, and for what has no value, such as a division by 0. */
function calculate(kind: "+" | "-" | "*" | "/", leftCell: Cell, rightCell: Cell): number | null {
  const [left, right] = [numberIn(leftCell), numberIn(rightCell)];
  if (left === null || right === null) return null;
  const value = kind === "+" ? left + right : kind === "-" ? left - right : kind === "*" ? left * right : left / right;
  return Number.isFinite(value) ? value : null;
}

function conditionOf(condition: Condition, table: Table): (row: readonly Cell[]) => boolean {
  switch (condition.kind) {
    case "and": {
      const children = condition.children.map((child) => conditionOf(child, table));
      return (row) => children.every((holds) => holds(row));
    }
    case "or": {
      const children = condition.children.map((child) => conditionOf(child, table));
      return (row) => children.some((holds) => holds(row));
    }
    case "not": {
      const child = conditionOf(condition.child, table);
      return (row) => !child(row);
    }
    case "compare": {
      const { comparison } = condition;
      const [left, right] = [expressionOf(condition.left, table), expressionOf(condition.right, table)];
      return (row) => compareValues(left(row), comparison, right(row));
    }
  }
}

type TableComparison = Extract<Condition, { kind: "compare" }>["comparison"];

/**
 * A value that is missing is neither equal nor unequal to anything. A text is held against a number as the number that it looks like;
 * what looks like none is unequal to all numbers, and neither greater nor less. Two texts are compared by their characters.
 */
function compareValues(left: Cell, comparison: TableComparison, right: Cell): boolean {
  if (left === null || right === null) return false;
  const areTexts = typeof left === "string" && typeof right === "string";
  const [one, other] = areTexts ? [left, right] : [numberIn(left), numberIn(right)];
  if (comparison === "=") return one !== null && one === other;
  if (comparison === "!=") return one === null || one !== other;
  return one !== null && other !== null && compare(one, comparison, other);
}
