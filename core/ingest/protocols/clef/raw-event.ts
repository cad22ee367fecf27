import { elementsOf, type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { kindOf, textOf } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";
import { writeEvent } from "./event";

/** What the members of an event become, beside its level and message. */
const NAMES: Readonly<Record<string, Buffer>> = {
  Timestamp: memberName("timestamp"),
  Exception: memberName("exception"),
  EventType: memberName("event_id"),
  TraceId: memberName("trace_id"),
  SpanId: memberName("span_id"),
};
const OWN = ["Level", "MessageTemplate", "RenderedMessage", "Properties", "Renderings"];

export function readRawEvent(source: Buffer, members: readonly JsonMember[], text: EntryText): boolean {
  const known = new Map(members.map((member) => [member.name, member]));
  const holder = known.get("Properties");
  const properties = holder ? membersOf(source, holder.from, holder.end) : [];
  for (const property of properties) text.members(source, property.nameFrom, property.end);
  for (const member of members) {
    const { name, nameFrom, from, end } = member;
    const own = NAMES[name];
    if (own) text.json(own, source, from, end);
    else if (!OWN.includes(name) || (member === holder && kindOf(source, member) !== KIND.object))
      text.members(source, nameFrom, end);
  }
  writeEvent(
    source,
    {
      level: known.get("Level"),
      message: known.get("RenderedMessage"),
      template: known.get("MessageTemplate"),
      properties: new Map(properties.map((property) => [property.name, property])),
      renderingOf: renderingsOf(source, known.get("Renderings")),
    },
    text,
  );
  return true;
}

/** `{"Price": [{"Format": "0.00", "Rendering": "1.20"}]}` */
function renderingsOf(
  source: Buffer,
  member: JsonMember | undefined,
): (name: string, format: string) => string | undefined {
  const byName = new Map(member ? membersOf(source, member.from, member.end).map((one) => [one.name, one]) : []);
  return (name, format) => {
    const ofName = byName.get(name);
    if (!ofName) return undefined;
    for (const { from, end } of elementsOf(source, ofName.from, ofName.end)) {
      const parts = new Map(membersOf(source, from, end).map((part) => [part.name, part]));
      if (textOf(source, parts.get("Format")) === format) return textOf(source, parts.get("Rendering")) ?? undefined;
    }
    return undefined;
  };
}
