import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type JsonMember, readMembers } from "@/core/ingest/decode/json-members";
import { findName, KIND, KIND_OF, MEMBERS } from "@/core/ingest/recognise/find-name";
import { EntryText } from "./entry-text";

const KEPT_NAMES = 1_000;
/** Names of a service only when nothing else is: of loggers, and of what Elasticsearch's documents are in. */
const WEAK_NAMES = ["name", "_index", "fluent_tag"];

/** Writes the members of an entry into the text that has begun; what is rejected it says itself, and returns false. */
export type Rewrite = (source: Buffer, members: readonly JsonMember[], text: EntryText, sink: EntrySink) => boolean;

/** A sink that writes each entry anew before it goes on. What is no JSON object goes on as it is: the sink behind says what is wrong. */
export function rewritten(sink: EntrySink, rewrite: Rewrite): EntrySink {
  const text = new EntryText();
  return {
    entry(source, from, end) {
      const members = readMembers(source, from, end);
      if (members === null) sink.entry(source, from, end);
      else if (rewrite(source, members, text.begin(), sink)) text.end(sink);
    },
    rejected: (reason) => sink.rejected(reason),
  };
}

/** Writes members as they stand, save some; those that stand one after the other in one go. */
export function copyMembers(
  source: Buffer,
  members: readonly JsonMember[],
  isLeftOut: (member: JsonMember) => boolean,
  text: EntryText,
): void {
  let from = -1;
  let end = -1;
  for (const member of members) {
    if (isLeftOut(member)) {
      if (from >= 0) text.members(source, from, end);
      from = -1;
    } else {
      if (from < 0) from = member.nameFrom;
      end = member.end;
    }
  }
  if (from >= 0) text.members(source, from, end);
}

/** The last member of a name, which is the one that JSON's readers see. */
export function memberOf(members: readonly JsonMember[], name: string): JsonMember | undefined {
  for (let at = members.length - 1; at >= 0; at--) if (members[at]?.name === name) return members[at];
  return undefined;
}

/** The text of a member, null when it is absent or no text. */
export function textOf(source: Buffer, member: JsonMember | undefined): string | null {
  if (!member || KIND_OF[source[member.from] as number] !== KIND.text) return null;
  const json = source.toString("utf8", member.from, member.end);
  return member.escaped ? String(JSON.parse(json)) : json.slice(1, -1);
}

/** Whether a member of this name and value says the service, or the level, by the table of names (recognise/names.ts). */
export const says = (member: "service" | "level", name: string, kind: number): boolean =>
  kind !== KIND.null && saidBy(name) === MEMBERS.indexOf(member);

/** What a name says, of MEMBERS; -1 for nothing. */
const saidBy = ofNames((name) => {
  const bytes = Buffer.from(name);
  const known = findName(bytes, 0, bytes.length);
  return known && !WEAK_NAMES.includes(known.name) ? known.member : -1;
});

/** Remembers what is made of the names seen last, because entries have the same few. */
export function ofNames<Made>(make: (name: string) => Made): (name: string) => Made {
  const kept = new Map<string, Made>();
  return (name) => {
    const found = kept.get(name);
    if (found !== undefined) return found;
    const made = make(name);
    if (kept.size >= KEPT_NAMES) kept.clear();
    kept.set(name, made);
    return made;
  };
}

export const kindOf = (source: Buffer, { from }: JsonMember): number => KIND_OF[source[from] as number] as number;
