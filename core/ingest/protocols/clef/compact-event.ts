import { AT } from "@/core/ascii";
import { elementsOf } from "@/core/ingest/decode/json-members";
import type { Places } from "@/core/ingest/decode/places";
import { type EntryText, type MemberName, memberName } from "@/core/ingest/protocols/entry-text";
import { says } from "@/core/ingest/protocols/rewritten";
import { findName, type KnownName } from "@/core/ingest/recognise/find-name";
import { renderTemplate } from "@/core/ingest/recognise/render-template";
import { propertiesOf, writeEvent } from "./event";

/** What the format's other names become (clef-json.org; Seq, "Ingestion with HTTP"): those of OpenTelemetry where it has one. */
const NAMES: readonly (readonly [Buffer, MemberName])[] = Object.entries({
  "@t": "timestamp",
  "@x": "exception",
  "@i": "event_id",
  "@tr": "trace_id",
  "@sp": "span_id",
  "@ps": "parent_span_id",
  "@st": "span_start",
  "@sk": "span_kind",
  "@ra": "resource",
  "@sa": "scope",
}).map(([name, own]) => [Buffer.from(name), memberName(own)]);
/** Written as the level and the message, or read for them. */
const LEVEL = Buffer.from("@l");
const MESSAGE = Buffer.from("@m");
const TEMPLATE = Buffer.from("@mt");
const RENDERINGS = Buffer.from("@r");

/**
 * Writes one event of CLEF (clef-json.org) as an entry: what is not marked by `@` is a property, and so an attribute.
 * @returns true: each is an entry (Rewrite)
 */
export function readCompactEvent(source: Buffer, members: Places, text: EntryText): boolean {
  let hasLevelProperty = false;
  for (let from = 0, at = 0; at <= members.count; at++) {
    const isProperty = at < members.count && !isMarked(source, members, at);
    if (isProperty) {
      hasLevelProperty ||= says("level", members.known[at] as KnownName | null, members.kindOf(source, at));
      continue;
    }
    text.members(source, members, from, at);
    from = at + 1;
  }
  const event = { level: -1, message: -1, template: -1, hasLevelProperty };
  let renderings = -1;
  for (let index = 0; index < members.count; index++) {
    if (!isMarked(source, members, index)) continue;
    if (members.isNamed(source, index, LEVEL)) event.level = index;
    else if (members.isNamed(source, index, MESSAGE)) event.message = index;
    else if (members.isNamed(source, index, TEMPLATE)) event.template = index;
    else if (members.isNamed(source, index, RENDERINGS)) renderings = index;
    else event.hasLevelProperty = addMarked(source, members, index, text) || event.hasLevelProperty;
  }
  writeEvent(source, members, event, text, (template) => rendered(source, members, renderings, template));
  return true;
}

const isMarked = (source: Buffer, members: Places, index: number): boolean =>
  members.isNameEscaped[index]
    ? members.nameOf(source, index).startsWith("@")
    : source[(members.nameFrom[index] as number) + 1] === AT;

/** @returns whether it is a property that would be read as the level */
function addMarked(source: Buffer, members: Places, index: number, text: EntryText): boolean {
  for (const [name, own] of NAMES) {
    if (!members.isNamed(source, index, name)) continue;
    text.moved(own, source, members, index);
    return false;
  }
  const name = members.nameOf(source, index);
  if (!name.startsWith("@@")) {
    text.members(source, members, index, index + 1);
    return false;
  }
  // What begins with it by itself has it twice.
  const property = Buffer.from(name.slice(1));
  text.namedBy(property).value(source, members.from[index] as number, members.end[index] as number);
  return says("level", findName(property, 0, property.length), members.kindOf(source, index));
}

/** @param renderings of the holes with a format: the n-th is that of the n-th */
function rendered(source: Buffer, members: Places, renderings: number, template: string): string {
  const values =
    renderings < 0 ? [] : elementsOf(source, members.from[renderings] as number, members.end[renderings] as number);
  let next = 0;
  const renderingOf = (): string | undefined => {
    const value = values[next++];
    if (!value) return undefined;
    const rendering: unknown = JSON.parse(source.toString("utf8", value.from, value.end));
    return typeof rendering === "string" ? rendering : undefined;
  };
  return renderTemplate(template, propertiesOf(source, members), renderingOf);
}
