import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { bigintOf, bytesOf, type Field, readFields } from "@/core/ingest/protocols/protobuf";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { LIMITS } from "@/core/limits";
import { type LogRecord, writeRecord } from "./log-record";

const RESOURCE = memberName("resource");
const SCOPE = memberName("scope");
const NAME = memberName("name");
const VERSION = memberName("version");
const EMPTY = Buffer.from("{}");

/** An ExportLogsServiceRequest in protocol buffers (OpenTelemetry, opentelemetry/proto/collector/logs/v1). */
export const otlpProtobuf = (sink: EntrySink): Decoder =>
  new WholeBody((body) => {
    readFields(body, (field) => {
      if (field.number !== 1) return false;
      readResourceLogs(bytesOf(field), sink);
      return true;
    });
  });

function readResourceLogs(message: Buffer, sink: EntrySink): void {
  let resource: Buffer = EMPTY;
  const scopes: Buffer[] = [];
  readFields(message, (field) => {
    if (field.number === 1) resource = attributesOf(bytesOf(field), 1);
    else if (field.number === 2) scopes.push(bytesOf(field));
    else return false;
    return true;
  });
  for (const scope of scopes) readScopeLogs(scope, resource, sink);
}

function readScopeLogs(message: Buffer, resource: Buffer, sink: EntrySink): void {
  const shared = new EntryText();
  const records: Buffer[] = [];
  if (resource.length > 2) shared.json(RESOURCE, resource);
  readFields(message, (field) => {
    if (field.number === 1) addScope(bytesOf(field), shared);
    else if (field.number === 2) records.push(bytesOf(field));
    else return false;
    return true;
  });
  const text = new EntryText();
  for (const record of records) writeRecord(recordOf(record), shared.bytes, text, sink);
}

function addScope(message: Buffer, shared: EntryText): void {
  const scope = new EntryText().begin();
  readFields(message, (field) => {
    if (field.number !== 1 && field.number !== 2) return false;
    const text = bytesOf(field);
    if (text.length > 0) scope.text(field.number === 1 ? NAME : VERSION, text);
    return true;
  });
  scope.close();
  if (scope.bytes.length > 2) shared.json(SCOPE, scope.bytes);
}

function recordOf(message: Buffer): LogRecord {
  const record: LogRecord = {
    time: "",
    observed: "",
    severityNumber: 0,
    severityText: "",
    body: null,
    attributes: EMPTY,
    traceId: "",
    spanId: "",
    eventName: "",
  };
  const attributes = new EntryText().begin();
  readFields(message, (field) => {
    switch (field.number) {
      case 1:
        record.time = String(bigintOf(field));
        return true;
      case 2:
        record.severityNumber = Number(bigintOf(field));
        return true;
      case 3:
        record.severityText = bytesOf(field).toString();
        return true;
      case 5: {
        const text = new EntryText();
        writeValue(bytesOf(field), text, 0);
        record.body = text.bytes;
        return true;
      }
      case 6:
        writeAttribute(bytesOf(field), attributes, 0);
        return true;
      case 9:
        record.traceId = bytesOf(field).toString("hex");
        return true;
      case 10:
        record.spanId = bytesOf(field).toString("hex");
        return true;
      case 11:
        record.observed = String(bigintOf(field));
        return true;
      case 12:
        record.eventName = bytesOf(field).toString();
        return true;
      default:
        return false;
    }
  });
  record.attributes = attributes.close().bytes;
  return record;
}

/** The KeyValues of a message as the JSON text of an object. @param number of their field */
function attributesOf(message: Buffer, number: number): Buffer {
  const text = new EntryText().begin();
  writeMembers(message, number, text, 0);
  return text.close().bytes;
}

function writeMembers(message: Buffer, number: number, text: EntryText, depth: number): void {
  readFields(message, (field) => {
    if (field.number !== number) return false;
    writeAttribute(bytesOf(field), text, depth);
    return true;
  });
}

function writeAttribute(message: Buffer, text: EntryText, depth: number): void {
  let key: Buffer = Buffer.alloc(0);
  let value: Buffer = Buffer.alloc(0);
  readFields(message, (field) => {
    if (field.number === 1) key = bytesOf(field);
    else if (field.number === 2) value = bytesOf(field);
    else return false;
    return true;
  });
  text.namedBy(key);
  writeValue(value, text, depth);
}

/** Of an AnyValue; one without anything is null. @throws Fault invalid when it is nested deeper than attributes may be */
function writeValue(message: Buffer, text: EntryText, depth: number): void {
  if (depth > LIMITS.attributesDepth) throw invalid(`nested deeper than ${LIMITS.attributesDepth} levels`);
  let isWritten = false;
  readFields(message, (field) => {
    if (isWritten || field.number < 1 || field.number > 7) return false;
    writeKind(field, text, depth);
    isWritten = true;
    return true;
  });
  if (!isWritten) text.plain("null");
}

function writeKind(field: Field, text: EntryText, depth: number): void {
  switch (field.number) {
    case 1:
      text.string(bytesOf(field));
      return;
    case 2:
      text.plain(bigintOf(field) === 0n ? "false" : "true");
      return;
    case 3:
      text.plain(String(bigintOf(field)));
      return;
    case 4: {
      const number = field.reader.double();
      text.plain(Number.isFinite(number) ? String(number) : `"${number}"`);
      return;
    }
    case 5: {
      text.byte(0x5b);
      let isFirst = true;
      readFields(bytesOf(field), (element) => {
        if (element.number !== 1) return false;
        if (!isFirst) text.byte(0x2c);
        isFirst = false;
        writeValue(bytesOf(element), text, depth + 1);
        return true;
      });
      text.byte(0x5d);
      return;
    }
    case 6:
      text.open();
      writeMembers(bytesOf(field), 1, text, depth + 1);
      text.close();
      return;
    default:
      text.string(bytesOf(field).toString("base64"));
  }
}
