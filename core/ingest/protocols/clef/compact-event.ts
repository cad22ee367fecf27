import { elementsOf, type JsonMember } from "@/core/ingest/decode/json-members";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
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

export function readCompactEvent(source: Buffer, members: readonly JsonMember[], text: EntryText): boolean {
  const known = new Map(members.map((member) => [member.name, member]));
  const properties = new Map<string, JsonMember>();
  for (const member of members) {
    const { name, from, end } = member;
    if (OWN.includes(name)) continue;
    const own = NAMES[name];
    if (own) {
      text.json(own, source, from, end);
      continue;
    }
    // What begins with it by itself has it twice.
    const property = name.startsWith("@@") ? name.slice(1) : name;
    properties.set(property, member);
    if (property === name) text.members(source, member.nameFrom, end);
    else text.namedBy(property).value(source, from, end);
  }
  writeEvent(
    source,
    {
      level: known.get("@l"),
      message: known.get("@m"),
      template: known.get("@mt"),
      properties,
      renderingOf: renderingsOf(source, known.get("@r")),
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
