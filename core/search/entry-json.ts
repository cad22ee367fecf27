import { JsonText } from "@/core/json-text";
import { type CutEntry, cutEntry, type EntryCut } from "./cut-entry";
import type { Entry } from "./schemas";

export const ATTRIBUTE_FORMS = ["json", "text"] as const;

/** How entries stand in an answer; whole without anything. */
export type EntryForm = EntryCut & {
  /** As JSON, which is the default, or as a string with their JSON text, for who must not lose a digit. */
  attributes?: (typeof ATTRIBUTE_FORMS)[number];
};

/** An entry as the API gives it: for stringifyJson, which puts the attributes' text in untouched. */
export function entryJson(entry: Entry, form: EntryForm = {}) {
  const { attributes, ...shown } = shownOf(entry, form);
  if (attributes === undefined) return shown;
  return {
    ...shown,
    attributes: form.attributes === "text" || attributes === null ? attributes : new JsonText(attributes),
  };
}

/** The same as JSON text, for many: one line. */
export function entryText(entry: Entry, form: EntryForm = {}): string {
  if (form.fields === undefined && form.length === undefined && entry.cut === undefined) {
    const { id, timestamp, service, level, message, pattern, tags } = entry;
    return `{"id":"${id}","timestamp":"${timestamp}","service":${JSON.stringify(service)},"level":"${level}","message":${JSON.stringify(message)},"pattern":${JSON.stringify(pattern)},"tags":${JSON.stringify(tags)},"attributes":${attributesText(entry.attributes, form)}}`;
  }
  const { attributes, ...shown } = shownOf(entry, form);
  if (attributes === undefined) return JSON.stringify(shown);
  return `${JSON.stringify(shown).slice(0, -1)},"attributes":${attributesText(attributes, form)}}`;
}

const attributesText = (attributes: string | null, form: EntryForm): string =>
  form.attributes === "text" ? JSON.stringify(attributes) : (attributes?.replaceAll(/[\r\n]/g, " ") ?? "null");

const shownOf = (entry: Entry, { fields, length }: EntryForm): CutEntry =>
  fields === undefined && length === undefined ? entry : cutEntry(entry, { fields, length });
