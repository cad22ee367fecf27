import { isUtf8 } from "node:buffer";
import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { elementsOf, type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { WholeBody } from "@/core/ingest/protocols/whole-body";

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const NULL = 0x6e;
const TIME = memberName("time");
const MESSAGE = memberName("message");
const INDEX = memberName("_index");
/** Of an event, kept under their own names. */
const METADATA = ["host", "source", "sourcetype"];

export const NO_EVENT = "Event field is required";
export const BLANK_EVENT = "Event field cannot be blank";

/**
 * Events of Splunk's HTTP Event Collector, one after the other with or without space between, or in an array (Splunk, "Format events
 * for HTTP Event Collector"). After what is no JSON nothing more can be found: the place of that event is told.
 */
export const splunkEvents = (sink: EntrySink): Decoder =>
  new WholeBody((body) => {
    if (!isUtf8(body)) throw invalid("the body is not valid UTF-8");
    const scanner = new JsonScanner();
    const text = new EntryText();
    scanner.reset(body, body.length);
    for (let at = scanner.skipSpace(0); at < body.length; at = scanner.skipSpace(at)) {
      const end = scanner.scanValue(at, 0);
      if (end < 0) {
        sink.rejected(`not JSON: ${scanner.reason} at byte ${scanner.reasonAt + 1} of the body`);
        return;
      }
      const events = body[at] === OPEN_ARRAY ? elementsOf(body, at, end) : [{ from: at, end }];
      for (const event of events) readEvent(body, event.from, event.end, text, sink);
      at = end;
    }
  });

function readEvent(body: Buffer, from: number, end: number, text: EntryText, sink: EntrySink): void {
  if (body[from] !== OPEN_OBJECT) {
    sink.rejected("an event must be a JSON object");
    return;
  }
  const members = new Map(membersOf(body, from, end).map((member) => [member.name, member]));
  const event = members.get("event");
  if (!event || body[event.from] === NULL) {
    sink.rejected(NO_EVENT);
    return;
  }
  if (body[event.from] === QUOTE && event.end - event.from === 2) {
    sink.rejected(BLANK_EVENT);
    return;
  }
  text.begin();
  for (const name of METADATA) copyMember(body, members.get(name), memberName(name), text);
  const fields = members.get("fields");
  if (fields && body[fields.from] === OPEN_OBJECT) addWithin(body, fields, text);
  copyMember(body, members.get("time"), TIME, text);
  const index = members.get("index");
  copyMember(body, index, INDEX, text);
  addEvent(body, event, index === undefined, text);
  text.end(sink);
}

function copyMember(body: Buffer, member: JsonMember | undefined, name: Buffer, text: EntryText): void {
  if (member) text.json(name, body, member.from, member.end);
}

function addWithin(body: Buffer, { from, end }: JsonMember, text: EntryText): void {
  for (const member of membersOf(body, from, end)) text.members(body, member.nameFrom, member.end);
}

/** An object goes on as its JSON text, which is opened as a wrapped line is. Docker's driver wraps its lines once more. */
function addEvent(body: Buffer, event: JsonMember, tagIsService: boolean, text: EntryText): void {
  const within = membersOf(body, event.from, event.end);
  const line = within.find(({ name }) => name === "line");
  for (const member of line ? within : []) {
    if (member === line) continue;
    text.members(body, member.nameFrom, member.end);
    if (member.name === "tag" && tagIsService) copyMember(body, member, INDEX, text);
  }
  const { from, end } = line ?? event;
  if (body[from] === QUOTE) text.json(MESSAGE, body, from, end);
  else text.text(MESSAGE, body.subarray(from, end));
}
