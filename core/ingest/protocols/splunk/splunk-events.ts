import { isUtf8 } from "node:buffer";
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from "@/core/ascii";
import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { Places } from "@/core/ingest/decode/places";
import { EntryText, type MemberName, memberName } from "@/core/ingest/protocols/entry-text";
import { WholeBody } from "@/core/ingest/protocols/whole-body";
import { findName, KIND, type KnownName, MEMBERS } from "@/core/ingest/recognise/find-name";

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

/** Under which what is said of an event stands, and what its lines are wrapped in. */
const OWN_NAMES = ["host", "source", "sourcetype", "time", "_index", "line"].map((name) => Buffer.from(name));
const SAYS = { message: 1 << MEMBERS.indexOf("message"), timestamp: 1 << MEMBERS.indexOf("timestamp") };
/** Is the service only beside others. */
const LOGGER = findName(Buffer.from("name"), 0, 4);
/** Whether a name is the service only where no other one is, so that the index would be it. */
const isWeak = ({ member, rank }: KnownName): boolean => LOGGER?.member === member && LOGGER.rank <= rank;

const isOwnName = (body: Buffer, places: Places, index: number): boolean => {
  for (let own = 0; own < OWN_NAMES.length; own++)
    if (places.isNamed(body, index, OWN_NAMES[own] as Buffer)) return true;
  return false;
};

/** Of names without escapes. */
function isSameName(body: Buffer, places: Places, index: number, others: Places, other: number): boolean {
  const from = places.nameFrom[index] as number;
  const end = places.nameEnd[index] as number;
  const otherFrom = others.nameFrom[other] as number;
  if (end - from !== (others.nameEnd[other] as number) - otherFrom) return false;
  for (let at = 1; at < end - from; at++) if (body[from + at] !== body[otherFrom + at]) return false;
  return true;
}

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
      const isArray = body[at] === OPEN_BRACKET;
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
    if (body[from] !== OPEN_BRACE) {
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
    const fields = members.find(body, FIELDS);
    this.fields.clear();
    if (fields >= 0) scanner.scanMembers(members.from[fields] as number, this.fields);
    scanner.scanMembers(eventFrom, this.within);
    text.begin();
    const isPlain = this.isPlain();
    if (isPlain) text.members(body, this.within);
    for (const [name, own] of METADATA) this.addMember(name, own);
    text.members(body, this.fields);
    this.addMember(TIME_NAME, TIME);
    const hasIndex = this.addMember(INDEX_NAME, INDEX);
    if (!isPlain) this.addEvent(event, !hasIndex);
    text.end(sink, scanner);
  }

  /**
   * Whether what an object says can stand beside what its event says, and still be read as it would be when it is opened: its own members
   * first, then those around it. Then it needs not be written as text, opened and read once more, which takes longer than everything else.
   */
  private isPlain(): boolean {
    const { body, within, fields, members, scanner } = this;
    if (within.count === 0 || scanner.unstorable !== "") return false;
    let said = 0;
    for (let index = 0; index < within.count; index++) {
      if (within.isNameEscaped[index] || isOwnName(body, within, index)) return false;
      const known = within.known[index] as KnownName | null;
      if (known === null) continue;
      const isSaid = (known.kinds & within.kindOf(body, index)) !== 0 && within.kindOf(body, index) !== KIND.null;
      if (!isSaid || isWeak(known)) return false;
      said |= 1 << known.member;
    }
    if ((said & SAYS.message) === 0) return false;
    if ((said & SAYS.timestamp) !== 0 && members.find(body, TIME_NAME) >= 0) return false;
    for (let index = 0; index < fields.count; index++) {
      if (fields.isNameEscaped[index] || isOwnName(body, fields, index) || fields.known[index] !== null) return false;
      for (let other = 0; other < within.count; other++)
        if (isSameName(body, fields, index, within, other)) return false;
    }
    return true;
  }

  /** @returns whether there is one */
  private addMember(name: Buffer, own: MemberName): boolean {
    const index = this.members.find(this.body, name);
    if (index >= 0) this.text.moved(own, this.body, this.members, index);
    return index >= 0;
  }

  /** An object goes on as its JSON text, which is opened as a wrapped line is. Docker's driver wraps its lines once more. */
  private addEvent(event: number, tagIsService: boolean): void {
    const { body, members, within, text } = this;
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
