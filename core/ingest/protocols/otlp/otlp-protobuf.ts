import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { ProtobufMessage } from "@/core/ingest/protocols/protobuf";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { LogRecord } from "./log-record";
import { writeAttribute, writeValue } from "./protobuf-values";

const RESOURCE = memberName("resource");
const SCOPE = memberName("scope");
const NAME = memberName("name");
const VERSION = memberName("version");

/** An ExportLogsServiceRequest in protocol buffers (OpenTelemetry, opentelemetry/proto/collector/logs/v1). */
export const otlpProtobuf = (sink: EntrySink): Decoder =>
  new WholeBody((body) => new Request(new ProtobufMessage(body), sink).read(body.length));

class Request {
  private readonly record = new LogRecord();

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
    const resource = new EntryText();
    const scopes: number[] = [];
    while (message.next(end)) {
      if (message.number === 1) this.addResource(message.enter(), resource);
      else if (message.number === 2) {
        message.bytes();
        scopes.push(message.from, message.end);
      } else message.skip();
    }
    for (let at = 0; at < scopes.length; at += 2) {
      message.goTo(scopes[at] as number);
      this.readScopeLogs(scopes[at + 1] as number, resource);
    }
    message.goTo(end);
  }

  private addResource(end: number, resource: EntryText): void {
    const { message } = this;
    const attributes = new EntryText().open();
    while (message.next(end)) {
      if (message.number === 1) writeAttribute(message, message.enter(), attributes, 0);
      else message.skip();
    }
    attributes.close();
    if (attributes.size > 2) resource.name(RESOURCE).valueOf(attributes);
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
    while (message.next(end)) {
      if (message.number !== 1 && message.number !== 2) {
        message.skip();
        continue;
      }
      const name = message.number === 1 ? NAME : VERSION;
      message.bytes();
      if (message.end > message.from) scope.name(name).stringOf(message.source, message.from, message.end);
    }
    scope.close();
    if (scope.size > 2) shared.name(SCOPE).valueOf(scope);
  }

  private readRecord(end: number, shared: EntryText): void {
    const { message, record, sink } = this;
    record.begin();
    while (message.next(end)) this.readField();
    record.end(shared, sink);
  }

  private readField(): void {
    const { message, record } = this;
    switch (message.number) {
      case 1:
        record.time = message.digits();
        return;
      case 2:
        record.severityNumber = message.integer();
        return;
      case 3:
        record.severityText = message.text();
        return;
      case 5:
        record.body.clear();
        writeValue(message, message.enter(), record.body, 0);
        return;
      case 6:
        writeAttribute(message, message.enter(), record.attributes, 0);
        return;
      case 9:
        record.traceId = this.hex();
        return;
      case 10:
        record.spanId = this.hex();
        return;
      case 11:
        record.observed = message.digits();
        return;
      case 12:
        record.eventName = message.text();
        return;
      default:
        message.skip();
    }
  }

  private hex(): string {
    const { message } = this;
    message.bytes();
    return message.source.toString("hex", message.from, message.end);
  }
}
