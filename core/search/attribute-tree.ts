import { applyEdits, format, type Node, parseTree } from "jsonc-parser";

/** JSON with what a parsed value loses: the text of numbers, the order of members, names that stand twice. */
export type JsonTree =
  | { kind: "object"; members: readonly { name: string; value: JsonTree }[] }
  | { kind: "array"; items: readonly JsonTree[] }
  /** Of a string its characters, of anything else its text. */
  | { kind: "scalar"; text: string; isString: boolean }
  | { kind: "null" };

/** @param json text of attributes, as an entry has them */
export function readJsonTree(json: string): JsonTree {
  const root = parseTree(json);
  return root ? treeOf(json, root) : { kind: "null" };
}

function treeOf(json: string, { type, offset, length, value, children = [] }: Node): JsonTree {
  if (type === "null") return { kind: "null" };
  if (type === "array") return { kind: "array", items: children.map((child) => treeOf(json, child)) };
  if (type === "string") return { kind: "scalar", text: String(value), isString: true };
  if (type !== "object") return { kind: "scalar", text: json.slice(offset, offset + length), isString: false };
  const members = children.flatMap(({ children: [name, inner] = [] }) =>
    name && inner ? [{ name: String(name.value), value: treeOf(json, inner) }] : [],
  );
  return { kind: "object", members };
}

/** JSON text over lines, with two spaces a level; every value keeps its own text. */
export const prettyJson = (json: string): string =>
  applyEdits(json, format(json, undefined, { insertSpaces: true, tabSize: 2 }));
