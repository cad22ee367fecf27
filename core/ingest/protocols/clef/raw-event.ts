import { elementsOf, type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { type EntryText, type MemberName, memberName } from "@/core/ingest/protocols/entry-text";
import { isSaid } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";
import { renderTemplate } from "@/core/ingest/recognise/render-template";
import { propertiesOf, writeEvent } from "./event";

/** What the members of an event become, beside its level and message. */
const NAMES: readonly (readonly [Buffer, MemberName])[] = Object.entries({
  Timestamp: "timestamp",
  Exception: "exception",
  EventType: "event_id",
  TraceId: "trace_id",
  SpanId: "span_id",
}).map(([name, own]) => [Buffer.from(name), memberName(own)]);
const LEVEL = Buffer.from("Level");
const TEMPLATE = Buffer.from("MessageTemplate");
const MESSAGE = Buffer.from("RenderedMessage");
const PROPERTIES = Buffer.from("Properties");
const RENDERINGS = Buffer.from("Renderings");

const scanner = new JsonScanner();
/** Of the event that is being read. */
const properties = new Places();

/**
 * The same of an event in Seq's older form, whose properties are an object of its own.
 * @returns true: each is an entry (Rewrite)
 */
export function readRawEvent(source: Buffer, members: Places, text: EntryText): boolean {
  const holder = members.find(source, PROPERTIES);
  properties.clear();
  if (holder >= 0) {
    scanner.reset(source, members.end[holder] as number);
    scanner.scanMembers(members.from[holder] as number, properties);
  }
  text.members(source, properties);
  const event = { level: -1, message: -1, template: -1, hasLevelProperty: isSaid("level", source, properties) };
  let renderings = -1;
  for (let index = 0; index < members.count; index++) {
    if (members.isNamed(source, index, LEVEL)) event.level = index;
    else if (members.isNamed(source, index, MESSAGE)) event.message = index;
    else if (members.isNamed(source, index, TEMPLATE)) event.template = index;
    else if (members.isNamed(source, index, RENDERINGS)) renderings = index;
    else if (index !== holder || members.kindOf(source, index) !== KIND.object) addMember(source, members, index, text);
  }
  writeEvent(source, members, event, text, (template) =>
    renderTemplate(template, propertiesOf(source, properties), renderingsOf(source, members, renderings)),
  );
  return true;
}

function addMember(source: Buffer, members: Places, index: number, text: EntryText): void {
  for (const [name, own] of NAMES) {
    if (!members.isNamed(source, index, name)) continue;
    text.moved(own, source, members, index);
    return;
  }
  if (!members.isNamed(source, index, PROPERTIES) || members.kindOf(source, index) !== KIND.object)
    text.members(source, members, index, index + 1);
}

/**
 * Of the sender's renderings, `{"Price": [{"Format": "0.00", "Rendering": "1.20"}]}`, by name and format. They are read with the first that
 * is asked for.
 * @param renderings their index among the members, -1 for none
 */
function renderingsOf(source: Buffer, members: Places, renderings: number) {
  let byName: Map<string, JsonMember> | null = null;
  const read = new Map<string, Map<string, string | undefined>>();
  return (name: string, format: string): string | undefined => {
    if (renderings < 0) return undefined;
    byName ??= new Map(
      membersOf(source, members.from[renderings] as number, members.end[renderings] as number).map((one) => [
        one.name,
        one,
      ]),
    );
    const ofName = read.get(name) ?? readRenderings(source, byName.get(name));
    read.set(name, ofName);
    return ofName.get(format);
  };
}

/** By format; of one that stands there twice the first. */
function readRenderings(source: Buffer, ofName: JsonMember | undefined): Map<string, string | undefined> {
  const byFormat = new Map<string, string | undefined>();
  const parts = new Places();
  for (const { from, end } of ofName ? elementsOf(source, ofName.from, ofName.end) : []) {
    scanner.reset(source, end);
    scanner.scanMembers(from, parts);
    const format = parts.textOf(source, parts.find(source, FORMAT));
    if (format !== null && !byFormat.has(format))
      byFormat.set(format, parts.textOf(source, parts.find(source, RENDERING)) ?? undefined);
  }
  return byFormat;
}

const FORMAT = Buffer.from("Format");
const RENDERING = Buffer.from("Rendering");
