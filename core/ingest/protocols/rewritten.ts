import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { findName, KIND, KIND_OF, MEMBERS } from "@/core/ingest/recognise/find-name";
import { EntryText } from "./entry-text";

/** Names of a service only when nothing else is: of loggers, and of what Elasticsearch's documents are in. */
const WEAK_NAMES = ["name", "_index", "fluent_tag"];

/** Writes the members of an entry into the text that has begun; what is rejected it says itself, and returns false. */
export type Rewrite = (source: Buffer, members: readonly JsonMember[], text: EntryText, sink: EntrySink) => boolean;

/** A sink that writes each entry anew before it goes on. What is no JSON object goes on as it is: the sink behind says what is wrong. */
export function rewritten(sink: EntrySink, rewrite: Rewrite): EntrySink {
  const text = new EntryText();
  const scanner = new JsonScanner();
  return {
    entry(source, from, end) {
      scanner.reset(source, end);
      const start = scanner.skipSpace(from);
      const valueEnd = scanner.scanValue(start, 0);
      const isObject = valueEnd >= 0 && KIND_OF[source[start] as number] === KIND.object;
      if (!isObject || scanner.skipSpace(valueEnd) !== end) sink.entry(source, from, end);
      else if (rewrite(source, membersOf(source, start, valueEnd), text.begin(), sink)) text.end(sink);
    },
    rejected: (reason) => sink.rejected(reason),
  };
}

/** The text of a member, null when it is absent or no text. */
export function textOf(source: Buffer, member: JsonMember | undefined): string | null {
  if (!member || KIND_OF[source[member.from] as number] !== KIND.text) return null;
  const json = source.toString("utf8", member.from, member.end);
  return member.escaped ? String(JSON.parse(json)) : json.slice(1, -1);
}

/** Whether a member of this name and value says the service, or the level, by the table of names (recognise/names.ts). */
export function says(member: "service" | "level", name: string, kind: number): boolean {
  const bytes = Buffer.from(name);
  const known = findName(bytes, 0, bytes.length);
  return known?.member === MEMBERS.indexOf(member) && !WEAK_NAMES.includes(known.name) && kind !== KIND.null;
}

export const kindOf = (source: Buffer, { from }: JsonMember): number => KIND_OF[source[from] as number] as number;
