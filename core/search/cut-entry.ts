import { firstCharacters, lengthOf } from "./first-characters";
import { pickAttributes } from "./pick-attributes";
import type { Entry } from "./schemas";

/** What of an entry is wanted. */
export type EntryCut = {
  /** `service`, `message`, `tags`, `pattern`, `attributes` for all of these, and any other name is an attribute's path; all when absent. */
  fields?: readonly string[];
  /** Characters of the message, and of each string among the attributes. */
  length?: number;
};

const OWN_FIELDS = ["service", "message", "tags", "pattern"] as const;

type OwnField = (typeof OWN_FIELDS)[number];

/** Id, time and level are always there. `cut` says what is not whole, and how many characters it has. */
export type CutEntry = Pick<Entry, "id" | "timestamp" | "level"> &
  Partial<Pick<Entry, OwnField | "attributes">> & {
    cut?: { message?: number; attributes?: Record<string, number> };
  };

/** An entry with what is wanted of it. */
export function cutEntry(entry: Entry, { fields, length }: EntryCut): CutEntry {
  const { id, timestamp, level } = entry;
  const shown: CutEntry = { id, timestamp, level };
  const isWanted = (field: string) => fields === undefined || fields.includes(field);
  if (isWanted("service")) shown.service = entry.service;
  if (isWanted("tags")) shown.tags = entry.tags;
  if (isWanted("pattern")) shown.pattern = entry.pattern;
  const cut: CutEntry["cut"] = {};
  if (isWanted("message")) {
    shown.message = firstCharacters(entry.message, length);
    if (shown.message !== entry.message) cut.message = lengthOf(entry.message);
  }
  const paths = isWanted("attributes") ? [""] : (fields ?? []).filter((field) => !isOwnField(field));
  if (paths.length > 0) {
    const picked = entry.attributes === null ? null : pickAttributes(entry.attributes, paths, length);
    shown.attributes = picked?.text ?? null;
    if (picked && Object.keys(picked.cut).length > 0) cut.attributes = picked.cut;
  }
  return Object.keys(cut).length > 0 ? { ...shown, cut } : shown;
}

const isOwnField = (field: string): boolean => OWN_FIELDS.some((own) => own === field);
