import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { elementsOf, type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { jsonBody } from "@/core/ingest/protocols/whole-body";
import { type LogRecord, writeRecord } from "./log-record";
import { SEVERITY_NAMES } from "./severity-names";

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const RESOURCE = memberName("resource");
const SCOPE = memberName("scope");
const NULL = Buffer.from("null");
const EMPTY = Buffer.from("{}");

type Place = { from: number; end: number };

/** An ExportLogsServiceRequest in JSON (OpenTelemetry protocol, "JSON Protobuf Encoding"): names in lowerCamelCase, ids in hexadecimal. */
export const otlpJson = (sink: EntrySink): Decoder => jsonBody((body) => readRequest(body, sink));

function readRequest(body: Buffer, sink: EntrySink): void {
  const start = body.indexOf(OPEN_OBJECT);
  if (start < 0) throw invalid('the body must be an object with the member "resourceLogs"');
  const text = new EntryText();
  for (const resourceLogs of within(body, { from: start, end: body.length }, "resourceLogs")) {
    const holder = memberOf(body, resourceLogs, "resource");
    const attributes = holder && memberOf(body, holder, "attributes");
    const resource = attributes ? attributesText(body, attributes) : EMPTY;
    for (const scopeLogs of within(body, resourceLogs, "scopeLogs")) {
      const shared = new EntryText();
      if (resource.length > 2) shared.json(RESOURCE, resource);
      const scope = memberOf(body, scopeLogs, "scope");
      if (scope) addScope(body, scope, shared);
      for (const record of within(body, scopeLogs, "logRecords")) {
        writeRecord(recordOf(body, record), shared.bytes, text, sink);
      }
    }
  }
}

const memberOf = (body: Buffer, { from, end }: Place, name: string): JsonMember | undefined =>
  membersOf(body, from, end).find((member) => member.name === name);

function within(body: Buffer, place: Place, name: string): Place[] {
  const member = memberOf(body, place, name);
  return member ? elementsOf(body, member.from, member.end) : [];
}

function addScope(body: Buffer, { from, end }: Place, shared: EntryText): void {
  const scope = new EntryText().begin();
  for (const { name, ...value } of membersOf(body, from, end)) {
    if ((name === "name" || name === "version") && body[value.from] === QUOTE && value.end - value.from > 2)
      scope.json(memberName(name), body, value.from, value.end);
  }
  scope.close();
  if (scope.bytes.length > 2) shared.json(SCOPE, scope.bytes);
}

function recordOf(body: Buffer, { from, end }: Place): LogRecord {
  const members = new Map(membersOf(body, from, end).map((member) => [member.name, member]));
  const textOf = (name: string): string => {
    const member = members.get(name);
    if (!member) return "";
    const written = body.toString("utf8", member.from, member.end);
    return written.startsWith('"') ? String(JSON.parse(written)) : written === "null" ? "" : written;
  };
  const attributes = members.get("attributes");
  const value = members.get("body");
  return {
    time: textOf("timeUnixNano"),
    observed: textOf("observedTimeUnixNano"),
    severityNumber: severityOf(textOf("severityNumber")),
    severityText: textOf("severityText"),
    body: value && body[value.from] === OPEN_OBJECT ? valueText(body, value) : null,
    attributes: attributes ? attributesText(body, attributes) : EMPTY,
    traceId: textOf("traceId"),
    spanId: textOf("spanId"),
    eventName: textOf("eventName"),
  };
}

/** Of a number, or of its name in the protocol's enumeration, which JSON may have instead. */
function severityOf(written: string): number {
  const number = SEVERITY_NAMES.indexOf(written);
  return number >= 0 ? number : Number(written) || 0;
}

/** An array of KeyValues as the JSON text of an object. */
function attributesText(body: Buffer, place: Place): Buffer {
  const text = new EntryText().begin();
  addAttributes(body, place, text);
  return text.close().bytes;
}

function addAttributes(body: Buffer, { from, end }: Place, text: EntryText): void {
  for (const pair of elementsOf(body, from, end)) {
    const members = membersOf(body, pair.from, pair.end);
    const key = members.find(({ name }) => name === "key");
    const value = members.find(({ name }) => name === "value");
    if (!key || body[key.from] !== QUOTE) continue;
    text.namedBy(String(JSON.parse(body.toString("utf8", key.from, key.end))));
    if (value) addValue(body, value, text);
    else text.value(NULL);
  }
}

function valueText(body: Buffer, place: Place): Buffer {
  const text = new EntryText();
  addValue(body, place, text);
  return text.bytes;
}

/** Of an AnyValue; one without anything is null. Digits in quotes, as 64-bit integers are written, become the number. */
function addValue(body: Buffer, place: Place, text: EntryText): void {
  const [kind] = membersOf(body, place.from, place.end).filter(({ name }) => name.endsWith("Value"));
  if (!kind) {
    text.value(NULL);
    return;
  }
  const { name, from, end } = kind;
  if (name === "arrayValue") {
    text.byte(0x5b);
    for (const [index, element] of within(body, kind, "values").entries()) {
      if (index > 0) text.byte(0x2c);
      addValue(body, element, text);
    }
    text.byte(0x5d);
  } else if (name === "kvlistValue") {
    const values = memberOf(body, kind, "values");
    text.open();
    if (values) addAttributes(body, values, text);
    text.close();
  } else if (name === "intValue" && /^"-?\d+"$/.test(body.toString("latin1", from, end))) {
    text.value(body, from + 1, end - 1);
  } else text.value(body, from, end);
}
