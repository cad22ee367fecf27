import { NINE, OPEN_BRACE, QUOTE, ZERO } from "@/core/ascii";
import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import type { JsonWalker } from "@/core/ingest/decode/json-walker";
import { Places } from "@/core/ingest/decode/places";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { jsonBody } from "@/core/ingest/protocols/whole-body";
import { addAttributes, addRecordAttributes, addValue } from "./json-values";
import { LogRecord } from "./log-record";
import { ofResource } from "./of-resource";
import { SEVERITY_NAMES } from "./severity-names";

const SCOPE = memberName("scope");
const SCOPE_ATTRIBUTES = memberName("attributes");
const NAME = Buffer.from("name");
const VERSION = Buffer.from("version");
const RESOURCE_LOGS = Buffer.from("resourceLogs");
const RESOURCE_NAME = Buffer.from("resource");
const SCOPE_LOGS = Buffer.from("scopeLogs");
const SCOPE_NAME = Buffer.from("scope");
const LOG_RECORDS = Buffer.from("logRecords");
const ATTRIBUTES = Buffer.from("attributes");
const BODY = Buffer.from("body");

const SEVERITY_TEXT = Buffer.from("severityText");
const TRACE_ID = Buffer.from("traceId");
const SPAN_ID = Buffer.from("spanId");
const EVENT_NAME = Buffer.from("eventName");
const TIME = Buffer.from("timeUnixNano");
const OBSERVED = Buffer.from("observedTimeUnixNano");
const SEVERITY = Buffer.from("severityNumber");
const FLAGS = Buffer.from("flags");
const DROPPED = Buffer.from("droppedAttributesCount");

/** An ExportLogsServiceRequest in JSON (OpenTelemetry protocol, "JSON Protobuf Encoding"): names in lowerCamelCase, ids in hexadecimal. */
export const otlpJson = (sink: EntrySink): Decoder => jsonBody((walker) => new Request(walker, sink).read());

class Request {
  private readonly record = new LogRecord();

  constructor(
    private readonly walker: JsonWalker,
    private readonly sink: EntrySink,
  ) {}

  read(): void {
    const { walker } = this;
    if (walker.byte !== OPEN_BRACE) throw invalid('the body must be an object with the member "resourceLogs"');
    walker.enterObject();
    while (walker.nextMember()) {
      if (walker.isNamed(RESOURCE_LOGS)) this.each(() => this.readResourceLogs());
      else walker.skip();
    }
  }

  private each(read: () => void): void {
    const { walker } = this;
    if (walker.enterArray()) while (walker.nextElement()) read();
  }

  private readResourceLogs(): void {
    const { walker } = this;
    let resource: EntryText | null = null;
    // They may stand before the resource that they are of.
    const passed: number[] = [];
    if (!walker.enterObject()) return;
    while (walker.nextMember()) {
      if (walker.isNamed(RESOURCE_NAME)) resource = this.readResource();
      else if (!walker.isNamed(SCOPE_LOGS)) walker.skip();
      else if (resource) this.readScopes(resource);
      else passed.push(walker.skip());
    }
    const found = resource ?? new EntryText();
    for (const from of passed) walker.revisit(from, () => this.readScopes(found));
  }

  /** Its attributes as the member of an entry. */
  private readResource(): EntryText {
    const { walker } = this;
    const attributes = new EntryText().open();
    if (walker.enterObject()) {
      while (walker.nextMember()) {
        if (walker.isNamed(ATTRIBUTES)) addAttributes(walker, attributes);
        else walker.skip();
      }
    }
    attributes.close();
    return attributes.size > 2 ? ofResource(attributes) : new EntryText();
  }

  private readScopes(resource: EntryText): void {
    this.each(() => this.readScopeLogs(resource));
  }

  private readScopeLogs(resource: EntryText): void {
    const { walker } = this;
    let shared: EntryText | null = null;
    const passed: number[] = [];
    if (!walker.enterObject()) return;
    while (walker.nextMember()) {
      if (walker.isNamed(SCOPE_NAME)) shared = this.readScope(resource);
      else if (!walker.isNamed(LOG_RECORDS)) walker.skip();
      else if (shared) this.readRecords(shared);
      else passed.push(walker.skip());
    }
    for (const from of passed) walker.revisit(from, () => this.readRecords(shared ?? resource));
  }

  /** @returns what the records of a scope share: the resource, and the scope */
  private readScope(resource: EntryText): EntryText {
    const { walker } = this;
    const { body } = walker;
    const members = new Places();
    walker.skipMembers(members);
    const scope = new EntryText().open();
    for (const name of [NAME, VERSION]) {
      const index = members.find(body, name);
      const from = members.from[index] ?? -1;
      if (body[from] === QUOTE && (members.end[index] as number) - from > 2)
        scope.members(body, members, index, index + 1);
    }
    const attributes = members.find(body, ATTRIBUTES);
    const inside = new EntryText().open();
    if (attributes >= 0) walker.revisit(members.from[attributes] as number, () => addAttributes(walker, inside));
    inside.close();
    if (inside.size > 2) scope.name(SCOPE_ATTRIBUTES).valueOf(inside);
    scope.close();
    const shared = new EntryText().shared(resource);
    return scope.size > 2 ? shared.name(SCOPE).valueOf(scope) : shared;
  }

  private readRecords(shared: EntryText): void {
    const { walker } = this;
    if (walker.enterArray()) while (walker.nextElement()) this.readRecord(shared);
  }

  private readRecord(shared: EntryText): void {
    const { walker, record, sink } = this;
    record.begin();
    if (walker.enterObject()) while (walker.nextMember()) this.readField();
    record.end(shared, sink, walker.scanner);
  }

  private readField(): void {
    const { walker, record } = this;
    if (walker.isNamed(ATTRIBUTES)) addRecordAttributes(walker, record);
    else if (walker.isNamed(BODY)) this.readBody();
    else if (walker.isNamed(TIME)) takeInto(walker, record.time);
    else if (walker.isNamed(OBSERVED)) takeInto(walker, record.observed);
    else if (walker.isNamed(SEVERITY)) record.severityNumber = takeSeverity(walker);
    else if (walker.isNamed(SEVERITY_TEXT)) takeInto(walker, record.severityText);
    else if (walker.isNamed(TRACE_ID)) takeInto(walker, record.traceId);
    else if (walker.isNamed(SPAN_ID)) takeInto(walker, record.spanId);
    else if (walker.isNamed(EVENT_NAME)) takeInto(walker, record.eventName);
    else if (walker.isNamed(FLAGS)) takeInto(walker, record.flags);
    else if (walker.isNamed(DROPPED)) takeInto(walker, record.dropped);
    else walker.skip();
  }

  private readBody(): void {
    const { walker, record } = this;
    if (walker.byte === OPEN_BRACE) addValue(walker, record.body);
    else walker.skip();
  }
}

/** Passes over a text or another value, whose characters are written. */
function takeInto(walker: JsonWalker, text: EntryText): void {
  const { body } = walker;
  const from = walker.skip();
  text.clear();
  if (body[from] === QUOTE && !walker.scanner.escaped) text.value(body, from + 1, walker.at - 1);
  else text.value(Buffer.from(walker.textFrom(from)));
}

/** Nearly always a number of one or two digits. */
function takeSeverity(walker: JsonWalker): number {
  const { body } = walker;
  const from = walker.skip();
  const size = walker.at - from;
  const [first, second] = [digitOf(body[from]), digitOf(body[from + 1])];
  if (first >= 0 && size === 1) return first;
  return first > 0 && second >= 0 && size === 2 ? first * 10 + second : severityOf(walker.textFrom(from));
}

const digitOf = (byte: number | undefined) => (byte !== undefined && byte >= ZERO && byte <= NINE ? byte - ZERO : -1);

/** Of a number, or of its name in the protocol's enumeration, which JSON may have instead. */
function severityOf(written: string): number {
  const number = Number(written);
  if (number > 0) return number;
  const place = SEVERITY_NAMES.indexOf(written);
  return place >= 0 ? place : number || 0;
}
