import { canBeField } from "./can-be-field";
import { literalOf } from "./regex";

const SPECIAL = /[\s()":<>/\\*-]/;

/** Text as it stands, whatever is in it. */
export const inQuotes = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

/** A value as the query language takes it: as it stands, or in quotes. */
export const quoteValue = (text: string): string => (text === "" || SPECIAL.test(text) ? inQuotes(text) : text);

/** A field's name as it is written in a query. */
export const escapedName = (name: string): string => name.replaceAll(/[\s()":<>/\\=[\]{},;|'#]|^-/g, "\\$&");

/** The condition that a message is this text, and not that it holds it. */
export const messageIs = (text: string): string => `message:/^${literalOf(text).replaceAll(/["/]/g, "\\$&")}$/`;

/** The condition that a field has a value. */
export function conditionOf(name: string, value: string): string {
  const [written, quoted] = [escapedName(name), quoteValue(value)];
  return `${written}:${quoted === value && !canBeField(written, value) ? inQuotes(value) : quoted}`;
}
