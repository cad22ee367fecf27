import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { rewritten } from "@/core/ingest/protocols/rewritten";

/**
 * Lines of text for Splunk's HTTP Event Collector, whose metadata are in the address (Splunk, "services/collector/raw").
 * @param metadata what the request says of all its lines, such as host and source
 * @param nowMs for times without a year
 */
export function splunkRaw(metadata: readonly (readonly [name: string, value: string])[], nowMs: number) {
  const shared = new EntryText();
  for (const [name, value] of metadata) shared.namedBy(name).string(value);
  return (sink: EntrySink): Decoder => {
    const lines = rewritten(sink, (source, members, text) => {
      text.members(source, members).shared(shared);
      return true;
    });
    return new TextLinesDecoder(lines, nowMs);
  };
}
