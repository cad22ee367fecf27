import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { ProtobufMessage } from "@/core/ingest/protocols/protobuf";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { LogRecord } from "./log-record";
import { ofResource } from "./of-resource";
import { writeAttribute, writeValue } from "./protobuf-values";

const SCOPE = memberName("scope");
const NAME = memberName("name");
const VERSION = memberName("version");
const ATTRIBUTES = memberName("attributes");

/** An ExportLogsServiceRequest in protocol buffers (OpenTelemetry, opentelemetry/proto/collector/logs/v1). */
export const otlpProtobuf = (sink: EntrySink): Decoder =>
  new WholeBody((body) => new Request(new ProtobufMessage(body), sink).read(body.length));

class Request {
  private readonly record = new LogRecord();
  /** Where the time of the record stands; -1 where it is not known. */
  private timeAt = -1;

  constructor(
    private readonly message: ProtobufMessage,
    private readonly sink: EntrySink,
  ) {}

  read(end: number): void {
    const { message } = this;
    while (message.next(end)) {
      if (message.number === 1) this.readResourceLogs(message.enter());
      else message.skip();
    }
  }

  /** The records of a message come after all that is said of them, wherever it stands. */
  private readResourceLogs(end: number): void {
    const { message } = this;
    const attributes = new EntryText().open();
    const scopes: number[] = [];
    while (message.next(end)) {
      if (message.number === 1) this.addResource(message.enter(), attributes);
      else if (message.number === 2) {
        message.bytes();
        scopes.push(message.from, message.end);
      } else message.skip();
    }
    attributes.close();
    const resource = attributes.size > 2 ? ofResource(attributes) : new EntryText();
    for (let at = 0; at < scopes.length; at += 2) {
      message.goTo(scopes[at] as number);
      this.readScopeLogs(scopes[at + 1] as number, resource);
    }
    message.goTo(end);
  }

  private addResource(end: number, attributes: EntryText): void {
    const { message } = this;
    while (message.next(end)) {
      if (message.number === 1) writeAttribute(message, message.enter(), attributes, 0);
      else message.skip();
    }
  }

  private readScopeLogs(end: number, resource: EntryText): void {
    const { message } = this;
    const shared = new EntryText().shared(resource);
    const records: number[] = [];
    while (message.next(end)) {
      if (message.number === 1) this.addScope(message.enter(), shared);
      else if (message.number === 2) {
        message.bytes();
        records.push(message.from, message.end);
      } else message.skip();
    }
    for (let at = 0; at < records.length; at += 2) {
      message.goTo(records[at] as number);
      this.readRecord(records[at + 1] as number, shared);
    }
    message.goTo(end);
  }

  private addScope(end: number, shared: EntryText): void {
    const { message } = this;
    const scope = new EntryText().open();
    const attributes = new EntryText().open();
    while (message.next(end)) {
      if (message.number === 3) {
        writeAttribute(message, message.enter(), attributes, 0);
        continue;
      }
      if (message.number !== 1 && message.number !== 2) {
        message.skip();
        continue;
      }
      const name = message.number === 1 ? NAME : VERSION;
      message.bytes();
      if (message.end > message.from) scope.name(name).stringOf(message.source, message.from, message.end);
    }
    attributes.close();
    if (attributes.size > 2) scope.name(ATTRIBUTES).valueOf(attributes);
    scope.close();
    if (scope.size > 2) shared.name(SCOPE).valueOf(scope);
  }

  private readRecord(end: number, shared: EntryText): void {
    const { message, record, sink } = this;
    record.begin();
    this.timeAt = -1;
    while (message.next(end)) this.readField();
    record.end(shared, sink);
  }

  private readField(): void {
    const { message, record } = this;
    switch (message.number) {
      case 1:
        if (message.isFixed64) this.timeAt = message.at;
        message.writeDigits(record.time.clear());
        return;
      case 2:
        record.severityNumber = message.integer();
        return;
      case 3:
        this.take(record.severityText);
        return;
      case 5:
        record.body.clear();
        writeValue(message, message.enter(), record.body, 0);
        return;
      case 6:
        writeAttribute(message, message.enter(), record.attributes, 0, record);
        return;
      case 7:
        message.writeDigits(record.dropped.clear());
        return;
      case 8:
        record.flags.clear().digits(message.fixed32());
        return;
      case 9:
        this.takeHex(record.traceId);
        return;
      case 10:
        this.takeHex(record.spanId);
        return;
      case 11:
        // Most have the same, whose digits needn't be written again.
        if (!message.skipSame(this.timeAt)) message.writeDigits(record.observed.clear());
        return;
      case 12:
        this.take(record.eventName);
        return;
      default:
        message.skip();
    }
  }

  /** What is no UTF-8 is made it when it is written. */
  private take(text: EntryText): void {
    const { message } = this;
    message.bytes();
    text.clear().value(message.source, message.from, message.end);
  }

  private takeHex(text: EntryText): void {
    const { message } = this;
    message.bytes();
    text.clear().hexadecimal(message.source, message.from, message.end);
  }
}
