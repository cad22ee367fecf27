import { canBeField } from "@/core/search/query/can-be-field";
import { knownField } from "@/core/search/query/field-names";
import { escapedName, inQuotes } from "@/core/search/query/quote-value";

/** Values that are offered. */
const MOST = 50;

/** A query for the most frequent values of a field that hold a text, as far as the language can ask for a part of one. */
export function valuesQuery(field: string, typed: string): string {
  const known = knownField(field);
  const name = escapedName(field);
  const part = typed.replaceAll(/[^\p{L}\p{N}]/gu, "\\$&");
  const value = part === "" ? "*" : `*${part}*`;
  const canAsk = known !== "level" && known !== "pattern" && canBeField(name, value);
  return `${canAsk ? `${name}:${value}` : "*"} | top ${MOST} by (${inQuotes(field)})`;
}
