import { JsonText } from "@/core/json-text";
import type { Entry } from "./schemas";

export const ATTRIBUTE_FORMS = ["json", "text"] as const;

/** How attributes stand in an answer: as JSON, or as a string with their JSON text, for who must not lose a digit. */
export type AttributeForm = (typeof ATTRIBUTE_FORMS)[number];

/** An entry as the API gives it: for stringifyJson, which puts the attributes' text in untouched. */
export function entryJson(entry: Entry, form: AttributeForm = "json") {
  const { attributes } = entry;
  return { ...entry, attributes: form === "text" || attributes === null ? attributes : new JsonText(attributes) };
}

/** The same as JSON text, for many: one line. */
export function entryText({ attributes, ...entry }: Entry, form: AttributeForm = "json"): string {
  const text = form === "text" ? JSON.stringify(attributes) : (attributes?.replaceAll(/[\r\n]/g, " ") ?? "null");
  return `${JSON.stringify(entry).slice(0, -1)},"attributes":${text}}`;
}
