import { OPEN_BRACE, QUOTE } from "@/core/ascii";
import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import type { JsonWalker } from "@/core/ingest/decode/json-walker";
import { Places } from "@/core/ingest/decode/places";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { jsonBody } from "@/core/ingest/protocols/whole-body";
import { labelMembers } from "./labels";

const TIMESTAMP = memberName("timestamp");
const MESSAGE = memberName("message");
const STREAMS = Buffer.from("streams");
const STREAM = Buffer.from("stream");
const VALUES = Buffer.from("values");

/**
 * `{"streams": [{"stream": {label: value}, "values": [["nanoseconds", "line", {metadata}]]}]}` (Grafana Loki, HTTP API, "Ingest logs").
 * The line's text goes on as it stands.
 */
export const lokiJson = (sink: EntrySink): Decoder => jsonBody((walker) => new Push(walker, sink).read());

class Push {
  private readonly text = new EntryText();
  private readonly value = new Places();
  private readonly metadata = new Places();

  constructor(
    private readonly walker: JsonWalker,
    private readonly sink: EntrySink,
  ) {}

  read(): void {
    const { walker } = this;
    let hasStreams = false;
    if (walker.enterObject()) {
      while (walker.nextMember()) {
        if (!walker.isNamed(STREAMS)) walker.skip();
        else {
          hasStreams = true;
          if (walker.enterArray()) while (walker.nextElement()) this.readStream();
        }
      }
    }
    if (!hasStreams) throw invalid('the body must be an object with the member "streams"');
  }

  private readStream(): void {
    const { walker } = this;
    let labels: EntryText | null = null;
    let values = -1;
    let areRead = false;
    if (walker.enterObject()) {
      while (walker.nextMember()) {
        if (walker.isNamed(STREAM)) labels = this.readLabels();
        else if (walker.isNamed(VALUES) && labels && !areRead) {
          this.readValues(labels);
          areRead = true;
        } else if (walker.isNamed(VALUES)) values = walker.skip();
        else walker.skip();
      }
    }
    if (values < 0 && !areRead) throw invalid('a stream must have the members "stream" and "values"');
    // They may stand before the labels.
    if (!areRead) walker.revisit(values, () => this.readValues(labels ?? labelMembers([])));
  }

  private readLabels(): EntryText {
    const { walker } = this;
    const { body } = walker;
    const places = new Places();
    walker.skipMembers(places);
    const labels: [string, string][] = [];
    for (let index = 0; index < places.count; index++) {
      const value = places.textOf(body, index) ?? body.toString("utf8", places.from[index], places.end[index]);
      labels.push([places.nameOf(body, index), value]);
    }
    return labelMembers(labels);
  }

  private readValues(labels: EntryText): void {
    const { walker } = this;
    if (walker.enterArray()) while (walker.nextElement()) this.readValue(labels);
  }

  private readValue(labels: EntryText): void {
    const { walker, value, metadata, text, sink } = this;
    const { body, scanner } = walker;
    walker.skipElements(value);
    const line = value.from[1] as number;
    if (value.count < 2 || body[value.from[0] as number] !== QUOTE || body[line] !== QUOTE) {
      sink.rejected("a value must be an array of a time in nanoseconds and a line, both as strings");
      return;
    }
    text.beginWith(labels);
    const metadataFrom = value.from[2] as number;
    if (value.count > 2 && body[metadataFrom] === OPEN_BRACE) {
      scanner.scanMembers(metadataFrom, metadata);
      text.members(body, metadata);
    }
    text.moved(TIMESTAMP, body, value, 0).moved(MESSAGE, body, value, 1).end(sink, scanner);
  }
}
