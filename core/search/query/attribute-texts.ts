import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { fold } from "./fold";

/** Text that compares as a number: few enough digits that doubles and PostgreSQL's casts agree and nothing overflows. */
export const NUMBER = /^-?[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,2})?$/;

/**
 * The texts of the scalars at a path: names compare without case, a name with dots in it is found by the same path as
 * nested objects, and each element of an array counts. Numbers keep the digits in which they were sent, as in
 * PostgreSQL's json, which is why this walks over the text instead of parsing it. The SQL side is logs.attribute_texts.
 * @param path folded names
 */
export function attributeTexts(document: string, path: readonly string[]): readonly string[] {
  // Many queries are held against one entry after the other.
  if (document !== latest.document) latest = { document, found: new Map() };
  const key = path.join(".");
  let texts = latest.found.get(key);
  if (!texts) {
    texts = findTexts(document, path);
    latest.found.set(key, texts);
  }
  return texts;
}

/** What was found in the document that was looked into last, by path: a name with dots in it is found by the same as nested ones. */
let latest: { document: string; found: Map<string, readonly string[]> } = { document: "", found: new Map() };

function findTexts(document: string, path: readonly string[]): string[] {
  const source = Buffer.from(document);
  const scanner = new JsonScanner();
  scanner.reset(source, source.length);
  const texts: string[] = [];
  const start = scanner.skipSpace(0);
  walk({ source, scanner, texts }, start, path);
  return texts;
}

type Walk = { source: Buffer; scanner: JsonScanner; texts: string[] };

/** Looks into the value that begins at `from`; returns where it ends. */
function walk(on: Walk, from: number, rest: readonly string[]): number {
  const { source, scanner } = on;
  const first = source[from];
  if (first === 0x5b) return walkArray(on, from, rest);
  if (first === 0x7b && rest.length > 0) return walkObject(on, from, rest);
  const end = scanner.scanValue(from, 0);
  if (rest.length > 0 || first === 0x7b || first === 0x6e) return end;
  const text = source.toString("utf8", from, end);
  on.texts.push(first === 0x22 ? String(JSON.parse(text)) : text);
  return end;
}

function walkArray(on: Walk, from: number, rest: readonly string[]): number {
  const { source, scanner } = on;
  let at = scanner.skipSpace(from + 1);
  while (source[at] !== 0x5d) {
    at = scanner.skipSpace(walk(on, at, rest));
    if (source[at] === 0x2c) at = scanner.skipSpace(at + 1);
  }
  return at + 1;
}

function walkObject(on: Walk, from: number, rest: readonly string[]): number {
  const { source, scanner } = on;
  let at = scanner.skipSpace(from + 1);
  while (source[at] !== 0x7d) {
    const nameEnd = scanner.scanString(at);
    const name = fold(String(JSON.parse(source.toString("utf8", at, nameEnd))));
    const value = scanner.scanMemberKey(at);
    let end = -1;
    for (let names = 1; names <= rest.length; names++) {
      if (rest.slice(0, names).join(".") === name) end = walk(on, value, rest.slice(names));
    }
    at = scanner.skipSpace(end >= 0 ? end : scanner.scanValue(value, 0));
    if (source[at] === 0x2c) at = scanner.skipSpace(at + 1);
  }
  return at + 1;
}
