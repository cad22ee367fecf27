import type { Field, QueryNode } from "@/core/search/query/query-tree";

/** What comes after a query's first pipe: groups of the entries that the query selects, then what is done with the table of them. */
export type Pipeline = { stats: Stats; after: readonly TablePipe[] };

export type Stats = { measures: readonly Measure[]; by: readonly Key[] };

/** A column of the table with a number or a value of each group. */
export type Measure = {
  name: string;
  call: Call;
  /** Only of entries that it selects; null: of all. */
  condition: QueryNode | null;
  /** As it was written, where it was. */
  conditionText?: string;
};

export type Call =
  | { kind: "count"; field: Field | null }
  /** A second; without a field of entries, else of its sum. */
  | { kind: "rate"; field: Field | null }
  | { kind: "count_distinct" | "sum" | "avg" | "min" | "max" | "first" | "last"; field: Field }
  /** @see quantile.ts; share from 0 to 1 */
  | { kind: "quantile"; share: number; field: Field }
  /** How often each value came, or only each of some: of facets, not of the language. */
  | { kind: "texts"; field: Field; among?: readonly string[] };

/** A column of the table by which entries are grouped. */
export type Key = {
  name: string;
  of:
    | { kind: "field"; field: Field }
    /** Null: as wide as the range needs. */
    | { kind: "time"; stepMs: number | null }
    /** Of the entry's time, in UTC: 0 to 23, and 1 (Monday) to 7 (ISO 8601). */
    | { kind: "hour" | "weekday" };
};

export type TablePipe =
  | { kind: "where"; condition: Condition }
  | { kind: "math"; expression: Expression; name: string }
  | { kind: "sort"; by: readonly { column: string; isDescending: boolean }[] }
  | { kind: "limit"; count: number }
  | { kind: "fields"; columns: readonly string[] };

/** What a number is computed from; a column of the table by its name. */
export type Expression =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "column"; name: string }
  | { kind: "negative"; of: Expression }
  | { kind: "+" | "-" | "*" | "/"; left: Expression; right: Expression };

export const TABLE_COMPARISONS = [">=", "<=", "!=", ">", "<", "="] as const;

export type Condition =
  | { kind: "and" | "or"; children: readonly Condition[] }
  | { kind: "not"; child: Condition }
  | { kind: "compare"; comparison: (typeof TABLE_COMPARISONS)[number]; left: Expression; right: Expression };
