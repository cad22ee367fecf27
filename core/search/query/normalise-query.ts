import type { QueryNode } from "./query-tree";

/** Flattens AND in AND and OR in OR, and drops what stands twice: `a OR a` is `a`. */
export function normaliseQuery(node: QueryNode): QueryNode {
  if (node.kind === "match") return node;
  if (node.kind === "not") {
    const child = normaliseQuery(node.child);
    return child.kind === "not" ? child.child : { kind: "not", child };
  }
  const children = new Map<string, QueryNode>();
  for (const child of node.children.map(normaliseQuery)) {
    for (const one of child.kind === node.kind ? child.children : [child]) children.set(JSON.stringify(one), one);
  }
  const [only] = children.values();
  return children.size === 1 && only ? only : { kind: node.kind, children: [...children.values()] };
}
