import { BACKSLASH, UNDERSCORE } from "@/core/ascii";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import type { Places } from "@/core/ingest/decode/places";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { rewritten, says } from "@/core/ingest/protocols/rewritten";
import { findName, KIND, type KnownName } from "@/core/ingest/recognise/find-name";

const MESSAGE = memberName("message");
const SERVICE = memberName("service");
const SHORT_MESSAGE = Buffer.from("short_message");
const FULL_MESSAGE = Buffer.from("full_message");
const VERSION = Buffer.from("version");
const HOST = Buffer.from("host");
/** GELF 1.1 has no facility, so its libraries send it as a field of their own (gelf-php 2). */
const FACILITIES = [Buffer.from("facility"), Buffer.from("_facility")];

/** Names that the format gives a meaning, which those of a sender's own fields lose their underscore for only where they differ. */
const OWN = [
  "version",
  "host",
  "short_message",
  "full_message",
  "message",
  "timestamp",
  "level",
  "facility",
  "line",
  "file",
];
const OWN_LENGTHS = new Set(OWN.map(({ length }) => length));
/** What libraries call themselves where a facility is wanted and nobody named one. */
const NO_FACILITY = /^gelf/i;

/**
 * Messages in the Graylog Extended Log Format, one or one a line (Graylog, "GELF Payload Specification"). Fields of the sender's own lose
 * the underscore with which the format marks them.
 */
export const gelf = (sink: EntrySink): Decoder => gelfOf(sink, true);

/** The same where the request says the service of messages without one, so that facility and host say none. */
export const gelfWithoutSource = (sink: EntrySink): Decoder => gelfOf(sink, false);

const gelfOf = (sink: EntrySink, hasSource: boolean): Decoder =>
  new JsonDocumentDecoder(
    rewritten(sink, (source, members, text) => {
      const short = members.find(source, SHORT_MESSAGE);
      const full = isBlank(source, members, short) ? members.find(source, FULL_MESSAGE) : -1;
      const message = full < 0 ? short : full;
      let hasService = false;
      // Those that stay as they are are written in runs.
      let from = 0;
      for (let index = 0; index <= members.count; index++) {
        const isLeft = index < members.count && (index === message || members.isNamed(source, index, VERSION));
        if (index < members.count && !isLeft && !isMarked(source, members, index)) {
          hasService ||= says("service", members.known[index] as KnownName | null, members.kindOf(source, index));
          continue;
        }
        text.members(source, members, from, index);
        from = index + 1;
        if (index === members.count || isLeft) continue;
        const known = addMarked(source, members, index, text);
        hasService ||= says("service", known, members.kindOf(source, index));
      }
      if (message >= 0) text.moved(MESSAGE, source, members, message);
      if (!hasService && hasSource) {
        const service = facilityOf(source, members) ?? members.textOf(source, members.find(source, HOST))?.trim();
        if (service) text.text(SERVICE, service);
      }
      return true;
    }),
  );

/** @returns undefined for none */
function facilityOf(source: Buffer, members: Places): string | undefined {
  for (const name of FACILITIES) {
    const facility = members.textOf(source, members.find(source, name))?.trim() ?? "";
    if (facility !== "" && !NO_FACILITY.test(facility)) return facility;
  }
  return undefined;
}

/** Whether it is no text, or one of spaces. @param index -1 for none */
const isBlank = (source: Buffer, members: Places, index: number): boolean => {
  if (index < 0 || members.kindOf(source, index) !== KIND.text) return true;
  const first = source[(members.from[index] as number) + 1] as number;
  // Nearly every message begins with a letter, whose text needs not be made.
  return (first <= 0x23 || first === BACKSLASH || first >= 0x7f) && !members.textOf(source, index)?.trim();
};

/** Whether a name has the underscore of a sender's own fields before something else, or escapes that could be one. */
const isMarked = (source: Buffer, members: Places, index: number): boolean =>
  source[(members.nameFrom[index] as number) + 1] === UNDERSCORE || members.isNameEscaped[index] === true;

/** Writes a member whose name is marked. @returns what its name says, as it is written */
function addMarked(source: Buffer, members: Places, index: number, text: EntryText): KnownName | null {
  const from = (members.nameFrom[index] as number) + 2;
  const end = members.nameEnd[index] as number;
  if (!members.isNameEscaped[index] && end > from && !OWN_LENGTHS.has(end - from)) {
    text.shortened(source, members, index, 1);
    return findName(source, from, end);
  }
  const name = members.nameOf(source, index);
  const own = name.slice(1);
  if (!name.startsWith("_") || own === "" || OWN.includes(own.toLowerCase())) {
    text.members(source, members, index, index + 1);
    return members.known[index] as KnownName | null;
  }
  if (members.isNameEscaped[index])
    text.namedBy(own).value(source, members.from[index] as number, members.end[index] as number);
  else text.shortened(source, members, index, 1);
  return findName(source, from, end);
}
