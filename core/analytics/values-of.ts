import { isoOfMicros } from "@/core/micros";
import type { EntryRow } from "@/core/search/entry-row";
import { attributeTexts, NUMBER } from "@/core/search/query/attribute-texts";
import type { Field } from "@/core/search/query/query-tree";
import type { Cell } from "./accumulator";

/** What an entry has of a field, as texts: of tags and lists each element, of an attribute that it has not none. */
export function textsOf(field: Field, entry: EntryRow): readonly string[] {
  switch (field.name) {
    case "service":
    case "level":
    case "message":
      return [entry[field.name]];
    case "pattern":
      return entry.pattern === null ? [] : [entry.pattern];
    case "timestamp":
      return [isoOfMicros(Number(entry.micros))];
    case "tags":
      return entry.tags ?? [];
    case "attribute":
      return entry.attributes === null ? [] : attributeTexts(entry.attributes, field.path);
  }
}

/** The number that a text looks like, as comparisons of the query language take it; null for any other text. */
export function numberOf(text: string): number | null {
  const trimmed = text.toLowerCase();
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

/** Of a cell: a key, and what first and last give, is the text that was sent, which is a number when it looks like one. */
export const numberIn = (cell: Cell): number | null => (typeof cell === "string" ? numberOf(cell) : cell);
