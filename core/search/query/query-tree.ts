import type { Regex } from "./regex";

/** What a query asks for. Every text in it is folded (fold.ts), as values compare without case. */
export type QueryNode =
  | { kind: "and" | "or"; children: readonly QueryNode[] }
  | { kind: "not"; child: QueryNode }
  | Match;

export type Match = { kind: "match"; field: Field; test: Test };

/** Any name that is not one of the first is an attribute, by its path. */
export type Field =
  | { name: "message" | "service" | "level" | "tags" | "timestamp" | "pattern" }
  | { name: "attribute"; path: readonly string[] };

export const COMPARISONS = [">=", "<=", ">", "<"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * Parts between wildcards: ["time", "out"] is `time*out`, and one part has no wildcard. For `contains` anything may stand
 * before and after; for `equals` nothing may.
 */
export type Pattern = readonly string[];

export type Test =
  | { op: "contains" | "equals"; pattern: Pattern }
  | { op: "regex"; regex: Regex }
  /** Numbers for attributes, microseconds since 1970 for timestamp. */
  | { op: "compare"; comparison: Comparison; value: number }
  /** Indices in LEVELS. */
  | { op: "levels"; levels: readonly number[] }
  /** Ids, as decimal text; resolve-patterns.ts adds the aliases. Null: any. */
  | { op: "patterns"; ids: readonly string[] | null };

/** Matches every entry. */
export const EVERYTHING: QueryNode = { kind: "and", children: [] };

/** Whether it asks for nothing but services and levels that must all hold, which is what entries are counted by. */
export function isCounted(node: QueryNode): boolean {
  const children = node.kind === "and" ? node.children : [node];
  return children.every(
    (child) => child.kind === "match" && (child.field.name === "service" || child.field.name === "level"),
  );
}
