import { elementsOf, type JsonMember } from "@/core/ingest/decode/json-members";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { copyMembers, memberOf } from "@/core/ingest/protocols/rewritten";
import { writeEvent } from "./event";

/** What the format's other names become (clef-json.org; Seq, "Ingestion with HTTP"): those of OpenTelemetry where it has one. */
const NAMES: Readonly<Record<string, Buffer>> = {
  "@t": memberName("timestamp"),
  "@x": memberName("exception"),
  "@i": memberName("event_id"),
  "@tr": memberName("trace_id"),
  "@sp": memberName("span_id"),
  "@ps": memberName("parent_span_id"),
  "@st": memberName("span_start"),
  "@sk": memberName("span_kind"),
  "@ra": memberName("resource"),
  "@sa": memberName("scope"),
};
/** Written as the level and the message, or read for them. */
const OWN = ["@l", "@m", "@mt", "@r"];

const isMarked = ({ name }: JsonMember) => name.startsWith("@");

export function readCompactEvent(source: Buffer, members: readonly JsonMember[], text: EntryText): boolean {
  copyMembers(source, members, isMarked, text);
  const properties: JsonMember[] = [];
  for (const member of members) {
    const { name, nameFrom, from, end } = member;
    if (!isMarked(member)) {
      properties.push(member);
      continue;
    }
    if (OWN.includes(name)) continue;
    const own = NAMES[name];
    if (own) text.json(own, source, from, end);
    else if (name.startsWith("@@")) {
      // What begins with it by itself has it twice.
      const property = name.slice(1);
      properties.push({ ...member, name: property });
      text.namedBy(property).value(source, from, end);
    } else text.members(source, nameFrom, end);
  }
  writeEvent(
    source,
    {
      level: memberOf(members, "@l"),
      message: memberOf(members, "@m"),
      template: memberOf(members, "@mt"),
      properties,
      renderingOf: renderingsOf(source, memberOf(members, "@r")),
    },
    text,
  );
  return true;
}

/** The n-th is that of the n-th hole with a format. */
function renderingsOf(source: Buffer, member: JsonMember | undefined): () => string | undefined {
  const values = member ? elementsOf(source, member.from, member.end) : [];
  let next = 0;
  return () => {
    const value = values[next++];
    if (!value) return undefined;
    const rendering: unknown = JSON.parse(source.toString("utf8", value.from, value.end));
    return typeof rendering === "string" ? rendering : undefined;
  };
}
