import { isUtf8 } from "node:buffer";
import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { EntryText, type MemberName, memberName } from "@/core/ingest/protocols/entry-text";
import { WholeBody } from "@/core/ingest/protocols/whole-body";

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const NULL = 0x6e;
const TIME = memberName("time");
const MESSAGE = memberName("message");
const INDEX = memberName("_index");
/** Of an event, kept under their own names. */
const METADATA = ["host", "source", "sourcetype"].map((name) => [Buffer.from(name), memberName(name)] as const);
const EVENT = Buffer.from("event");
const FIELDS = Buffer.from("fields");
const TIME_NAME = Buffer.from("time");
const INDEX_NAME = Buffer.from("index");
const LINE = Buffer.from("line");
const TAG = Buffer.from("tag");

export const NO_EVENT = "Event field is required";
export const BLANK_EVENT = "Event field cannot be blank";

/**
 * Events of Splunk's HTTP Event Collector, one after the other with or without space between, or in an array (Splunk, "Format events
 * for HTTP Event Collector"). After what is no JSON nothing more can be found: the place of that event is told.
 */
export const splunkEvents = (sink: EntrySink): Decoder =>
  new WholeBody((body) => {
    if (!isUtf8(body)) throw invalid("the body is not valid UTF-8");
    new Events(body, sink).read();
  });

class Events {
  private readonly scanner = new JsonScanner();
  private readonly text = new EntryText();
  private readonly elements = new Places();
  /** Of the event that is being read, of what it says, and of its fields. */
  private readonly members = new Places();
  private readonly within = new Places();
  private readonly fields = new Places();

  constructor(
    private readonly body: Buffer,
    private readonly sink: EntrySink,
  ) {
    this.scanner.reset(body, body.length);
  }

  read(): void {
    const { scanner, body, elements, members } = this;
    for (let at = scanner.skipSpace(0); at < body.length; at = scanner.skipSpace(at)) {
      const isArray = body[at] === OPEN_ARRAY;
      const end = isArray ? scanner.scanElements(at, elements) : scanner.scanMembers(at, members);
      if (end < 0) {
        this.sink.rejected(`not JSON: ${scanner.reason} at byte ${scanner.reasonAt + 1} of the body`);
        return;
      }
      if (!isArray) this.readEvent(at);
      for (let index = 0; isArray && index < elements.count; index++) {
        scanner.scanMembers(elements.from[index] as number, members);
        this.readEvent(elements.from[index] as number);
      }
      at = end;
    }
  }

  /** Of `members`. */
  private readEvent(from: number): void {
    const { body, members, text, sink, scanner } = this;
    if (body[from] !== OPEN_OBJECT) {
      sink.rejected("an event must be a JSON object");
      return;
    }
    const event = members.find(body, EVENT);
    const eventFrom = members.from[event] as number;
    if (event < 0 || body[eventFrom] === NULL) {
      sink.rejected(NO_EVENT);
      return;
    }
    if (body[eventFrom] === QUOTE && (members.end[event] as number) - eventFrom === 2) {
      sink.rejected(BLANK_EVENT);
      return;
    }
    text.begin();
    for (const [name, own] of METADATA) this.addMember(name, own);
    const fields = members.find(body, FIELDS);
    if (fields >= 0) {
      scanner.scanMembers(members.from[fields] as number, this.fields);
      text.members(body, this.fields);
    }
    this.addMember(TIME_NAME, TIME);
    this.addEvent(event, !this.addMember(INDEX_NAME, INDEX));
    text.end(sink, scanner);
  }

  /** @returns whether there is one */
  private addMember(name: Buffer, own: MemberName): boolean {
    const index = this.members.find(this.body, name);
    if (index >= 0) this.text.moved(own, this.body, this.members, index);
    return index >= 0;
  }

  /** An object goes on as its JSON text, which is opened as a wrapped line is. Docker's driver wraps its lines once more. */
  private addEvent(event: number, tagIsService: boolean): void {
    const { body, members, within, text, scanner } = this;
    scanner.scanMembers(members.from[event] as number, within);
    const line = within.find(body, LINE);
    for (let index = 0; line >= 0 && index < within.count; index++) {
      if (index === line) continue;
      text.members(body, within, index, index + 1);
      if (tagIsService && within.isNamed(body, index, TAG)) text.moved(INDEX, body, within, index);
    }
    const holder = line >= 0 ? within : members;
    const index = line >= 0 ? line : event;
    if (body[holder.from[index] as number] === QUOTE) text.moved(MESSAGE, body, holder, index);
    else text.text(MESSAGE, body.subarray(holder.from[index], holder.end[index]));
  }
}
