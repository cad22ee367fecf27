import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { kindOf, memberOf, ofNames, rewritten, says, textOf } from "@/core/ingest/protocols/rewritten";

const MESSAGE = memberName("message");
const SERVICE = memberName("service");
const UNDERSCORE = 0x5f;
const QUOTE = Buffer.from('"');

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
/** What libraries call themselves where a facility is wanted and nobody named one. */
const NO_FACILITY = /^gelf/i;

/**
 * Messages in the Graylog Extended Log Format, one or one a line (Graylog, "GELF Payload Specification"). Fields of the sender's own lose
 * the underscore with which the format marks them.
 */
export const gelf = (sink: EntrySink): Decoder =>
  new JsonDocumentDecoder(
    rewritten(sink, (source, members, text) => {
      const short = memberOf(members, "short_message");
      const message = textOf(source, short)?.trim() ? short : (memberOf(members, "full_message") ?? short);
      let hasService = false;
      for (const member of members) {
        if (member === message || member.name === "version") continue;
        const name = ownName(member.name);
        if (name === member.name) text.members(source, member.nameFrom, member.end);
        else if (source[member.nameFrom + 1] === UNDERSCORE)
          text.members(QUOTE).value(source, member.nameFrom + 2, member.end);
        else text.namedBy(name).value(source, member.from, member.end);
        hasService ||= says("service", name, kindOf(source, member));
      }
      if (message) text.json(MESSAGE, source, message.from, message.end);
      const facility = hasService ? "" : (textOf(source, memberOf(members, "facility"))?.trim() ?? "");
      const service =
        facility === "" || NO_FACILITY.test(facility) ? textOf(source, memberOf(members, "host"))?.trim() : facility;
      if (!hasService && service) text.text(SERVICE, service);
      return true;
    }),
  );

const ownName = ofNames((name) => {
  if (!name.startsWith("_") || name.length === 1) return name;
  const own = name.slice(1);
  return OWN.includes(own.toLowerCase()) ? name : own;
});
