import { elementsOf, type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { copyMembers, kindOf, memberOf, textOf } from "@/core/ingest/protocols/rewritten";
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
  const holder = memberOf(members, "Properties");
  const properties = holder ? membersOf(source, holder.from, holder.end) : [];
  copyMembers(source, properties, () => false, text);
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
      level: memberOf(members, "Level"),
      message: memberOf(members, "RenderedMessage"),
      template: memberOf(members, "MessageTemplate"),
      properties,
      renderingOf: renderingsOf(source, memberOf(members, "Renderings")),
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
