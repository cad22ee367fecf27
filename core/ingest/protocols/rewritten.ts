import { OPEN_BRACE } from "@/core/ascii";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { KIND, type KnownName, MEMBERS } from "@/core/ingest/recognise/find-name";
import { EntryText } from "./entry-text";

/** Names of a service only when nothing else is: of loggers, and of what Elasticsearch's documents are in; and of a level, MongoDB's. */
const WEAK_NAMES = ["name", "_index", "fluent_tag", "s"];
const NUMBERS = { service: MEMBERS.indexOf("service"), level: MEMBERS.indexOf("level") };

/** Writes the members of an entry into the text that has begun; what is rejected it says itself, and returns false. */
export type Rewrite = (source: Buffer, members: Places, text: EntryText, sink: EntrySink) => boolean;

/** A sink that writes each entry anew before it goes on. What is no JSON object goes on as it is: the sink behind says what is wrong. */
export function rewritten(sink: EntrySink, rewrite: Rewrite): EntrySink {
  const text = new EntryText();
  const scanner = new JsonScanner();
  const scanned = new Places();
  return {
    entry(source, from, end, places) {
      scanner.reset(source, end);
      if (!places) {
        const start = scanner.skipSpace(from);
        const valueEnd = source[start] === OPEN_BRACE ? scanner.scanMembers(start, scanned) : -1;
        if (valueEnd < 0 || scanner.skipSpace(valueEnd) < end) {
          sink.entry(source, from, end);
          return;
        }
      }
      if (rewrite(source, places ?? scanned, text.begin(), sink)) text.end(sink, scanner);
    },
    rejected: (reason) => sink.rejected(reason),
  };
}

/** Whether a member of this name and value says the service, or the level, by the table of names (recognise/names.ts). @param kind of KIND */
export const says = (member: keyof typeof NUMBERS, known: KnownName | null, kind: number): boolean =>
  known !== null && known.member === NUMBERS[member] && kind !== KIND.null && !WEAK_NAMES.includes(known.name);

/** Whether one of the members does. */
export function isSaid(member: keyof typeof NUMBERS, source: Buffer, places: Places): boolean {
  for (let index = 0; index < places.count; index++) {
    if (says(member, places.known[index] as KnownName | null, places.kindOf(source, index))) return true;
  }
  return false;
}
