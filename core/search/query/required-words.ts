import type { Words } from "@/core/segments/word-filter";
import type { Match, Pattern, QueryNode, Test } from "./query-tree";

/** Letters that JSON never has to escape. */
const PLAIN_PARTS = /[a-z0-9_.-]+/g;

/** Of a text, what stands in its JSON text as it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
const UNESCAPED_PARTS = /[^\\"\u0000-\u001f]+/g;

/** Texts that stand in every entry that a query selects, read off the tests that must all hold. */
export function requiredWords(node: QueryNode): Words {
  const plain: string[] = [];
  const escaped: string[] = [];
  for (const child of node.kind === "and" ? node.children : [node]) {
    if (child.kind === "and") {
      const inner = requiredWords(child);
      plain.push(...inner.plain);
      escaped.push(...inner.escaped);
    }
    if (child.kind === "match") addWords(child, plain, escaped);
  }
  return { plain, escaped };
}

function addWords({ field, test }: Match, plain: string[], escaped: string[]): void {
  if (field.name === "message" || field.name === "service") plain.push(...literalsOf(test));
  // Blocks know tags by their JSON text.
  if (field.name === "tags") for (const word of literalsOf(test)) plain.push(...(word.match(UNESCAPED_PARTS) ?? []));
  if (field.name !== "attribute") return;
  for (const word of [...field.path, ...literalsOf(test)]) escaped.push(...(word.match(PLAIN_PARTS) ?? []));
}

const literalsOf = (test: Test): Pattern => (test.op === "contains" || test.op === "equals" ? test.pattern : []);
