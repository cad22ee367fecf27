import type { Field, QueryNode } from "./query-tree";

/** Whether a query tests this field anywhere. */
export function testsField(node: QueryNode, name: Field["name"]): boolean {
  switch (node.kind) {
    case "and":
    case "or":
      return node.children.some((child) => testsField(child, name));
    case "not":
      return testsField(node.child, name);
    case "match":
      return node.field.name === name;
  }
}
