import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { elementsOf, membersOf } from "@/core/ingest/decode/json-members";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { jsonBody } from "@/core/ingest/protocols/whole-body";
import { labelMembers } from "./labels";

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const TIMESTAMP = memberName("timestamp");
const MESSAGE = memberName("message");

/**
 * `{"streams": [{"stream": {label: value}, "values": [["nanoseconds", "line", {metadata}]]}]}` (Grafana Loki, HTTP API, "Ingest logs").
 * The line's text goes on as it stands.
 */
export const lokiJson = (sink: EntrySink): Decoder => jsonBody((body) => readPush(body, sink));

function readPush(body: Buffer, sink: EntrySink): void {
  const start = body.indexOf(OPEN_OBJECT);
  const streams = membersOf(body, Math.max(start, 0), body.length).find(({ name }) => name === "streams");
  if (start < 0 || !streams) throw invalid('the body must be an object with the member "streams"');
  const text = new EntryText();
  for (const { from, end } of elementsOf(body, streams.from, streams.end)) {
    const members = membersOf(body, from, end);
    const stream = members.find(({ name }) => name === "stream");
    const values = members.find(({ name }) => name === "values");
    const labels = stream ? membersOf(body, stream.from, stream.end) : [];
    const shared = labelMembers(labels.map((label) => [label.name, valueText(body, label.from, label.end)]));
    if (!values) throw invalid('a stream must have the members "stream" and "values"');
    for (const value of elementsOf(body, values.from, values.end)) {
      const [time, line, metadata] = elementsOf(body, value.from, value.end);
      if (!time || !line || body[time.from] !== QUOTE || body[line.from] !== QUOTE) {
        sink.rejected("a value must be an array of a time in nanoseconds and a line, both as strings");
        continue;
      }
      text.begin().members(shared);
      if (metadata && body[metadata.from] === OPEN_OBJECT) text.members(body, metadata.from + 1, metadata.end - 1);
      text.json(TIMESTAMP, body, time.from, time.end).json(MESSAGE, body, line.from, line.end).end(sink);
    }
  }
}

const valueText = (body: Buffer, from: number, end: number) =>
  body[from] === QUOTE ? String(JSON.parse(body.toString("utf8", from, end))) : body.toString("utf8", from, end);
