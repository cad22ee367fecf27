import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import { EntryText } from "@/core/ingest/protocols/entry-text";

/**
 * Lines of text for Splunk's HTTP Event Collector, whose metadata are in the address (Splunk, "services/collector/raw").
 * @param metadata what the request says of all its lines, such as host and source
 * @param nowMs for times without a year
 */
export function splunkRaw(metadata: readonly (readonly [name: string, value: string])[], nowMs: number) {
  const shared = new EntryText();
  for (const [name, value] of metadata) shared.namedBy(name).string(value);
  const members = Buffer.from(shared.bytes);
  return (sink: EntrySink): Decoder => {
    const text = new EntryText();
    return new TextLinesDecoder(
      {
        // What the decoder hands on is always an object that was found to be good.
        entry: (source, from, end) =>
          text
            .begin()
            .members(source, from + 1, end - 1)
            .members(members)
            .end(sink),
        rejected: (reason) => sink.rejected(reason),
      },
      nowMs,
    );
  };
}
