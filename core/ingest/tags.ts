import { LIMITS } from "@/core/limits";
import type { EntryReader } from "./decode/entry-reader";
import { Rejected } from "./rejected";

/**
 * The tags of an entry, and those that its request adds. What is no list of texts is no tags, but a member like any other.
 * @returns null for none
 * @throws Rejected when there are too many or one is too long
 */
export function tagsOf(reader: EntryReader, added: readonly string[] | undefined): Buffer[] | null {
  const { tags } = reader.members;
  if (tags.from < 0 && !added) return null;
  if (isKept(reader, added)) return kept.read;
  const own = tags.from < 0 ? [] : textsOf(reader.value(tags));
  if (!own) {
    reader.release(tags);
    if (!added) return null;
  }
  const all = added ? [...new Set([...(own ?? []), ...added])] : (own ?? []);
  if (all.length > LIMITS.tags) throw new Rejected(`tags must be at most ${LIMITS.tags}`);
  const read = all.map((tag) => {
    if ([...tag].length > LIMITS.tagCharacters)
      throw new Rejected(`a tag must have at most ${LIMITS.tagCharacters} characters`);
    return Buffer.from(tag);
  });
  if (own && tags.from >= 0) kept = { written: Buffer.from(reader.source.subarray(tags.from, tags.end)), added, read };
  return read;
}

/** The tags that were read last: entries that come together mostly have the same. */
let kept: { written: Buffer; added: readonly string[] | undefined; read: Buffer[] } = {
  written: Buffer.alloc(0),
  added: undefined,
  read: [],
};

function isKept({ source, members: { tags } }: EntryReader, added: readonly string[] | undefined): boolean {
  const { written } = kept;
  if (tags.from < 0 || kept.added !== added || written.length !== tags.end - tags.from) return false;
  for (let at = 0; at < written.length; at++) if (written[at] !== source[tags.from + at]) return false;
  return true;
}

const textsOf = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? value : null;
