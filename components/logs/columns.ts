import { LIMITS } from "@/core/limits";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { flattenAttributes } from "@/core/search/flatten-attributes";
import type { Entry } from "@/core/search/schemas";

/** Columns that are no attributes; time and level are always there. */
export const OWN_COLUMNS = ["service", "message", "tags"] as const;

export const DEFAULT_COLUMNS = ["service", "message"];

/** What a list with these columns asks for of each entry, as parameters of GET /api/logs and its tail: more than a row can show. */
export function listParameters(columns: readonly string[]): string {
  const shown = columns.filter((column) => column !== "service" && column !== "message");
  // A name with a comma can't be asked for by itself.
  const fields = shown.some((column) => column.includes(",")) ? ["tags", "attributes"] : [MESSAGE_ANSI, ...shown];
  return new URLSearchParams({
    fields: ["service", "message", ...fields].join(","),
    length: String(LIMITS.listedCharacters),
  }).toString();
}

/** What an entry has in a column: a field, or an attribute by its path. */
export function cellOf(entry: Entry, column: string): string {
  switch (column) {
    case "service":
      return entry.service;
    case "message":
      return entry.message;
    case "tags":
      return (entry.tags ?? []).join(", ");
    default: {
      const wanted = column.toLowerCase();
      const values = flattenAttributes(entry.attributes).filter(([path]) => path.toLowerCase() === wanted);
      return values.map(([, value]) => value).join(", ");
    }
  }
}

export const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((column, index) => column === other[index]);
