import { type JsonTree, readJsonTree } from "./attribute-tree";

/**
 * Every scalar in attributes with its path, as the query language names it; the elements of an array share one.
 * @param attributes JSON text
 */
export const flattenAttributes = (attributes: string | null): [path: string, value: string][] =>
  attributes === null ? [] : flatten(readJsonTree(attributes), []);

function flatten(tree: JsonTree, path: readonly string[]): [path: string, value: string][] {
  switch (tree.kind) {
    case "array":
      return tree.items.flatMap((item) => flatten(item, path));
    case "object":
      return tree.members.flatMap(({ name, value }) => flatten(value, [...path, name]));
    case "scalar":
      return path.length === 0 ? [] : [[path.join("."), tree.text]];
    case "null":
      return [];
  }
}
