import { canonicalNumber } from "@/core/segments/attribute-columns";
import type { RangeTest } from "@/core/segments/read/plan-chunks";
import type { Match, QueryNode } from "./query-tree";

/** What must hold of the numbers at paths in every entry that a query selects, read off the tests that must all hold. */
export function requiredRanges(node: QueryNode): RangeTest[] {
  if (node.kind === "and") return node.children.flatMap(requiredRanges);
  return node.kind === "match" && node.field.name === "attribute"
    ? [rangeOf(node.field.path.join("."), node.test)]
    : [];
}

function rangeOf(path: string, test: Match["test"]): RangeTest {
  if (test.op === "compare") {
    const { comparison, value } = test;
    switch (comparison) {
      case ">":
        return { path, mayHave: (_, greatest) => greatest > value };
      case ">=":
        return { path, mayHave: (_, greatest) => greatest >= value };
      case "<":
        return { path, mayHave: (least) => least < value };
      case "<=":
        return { path, mayHave: (least) => least <= value };
    }
  }
  if (test.op === "equals" && test.pattern.length === 1) {
    const number = canonicalNumber(test.pattern[0] ?? "");
    return { path, mayHave: (least, greatest) => number !== null && least <= number && number <= greatest };
  }
  return { path, mayHave: () => true };
}
