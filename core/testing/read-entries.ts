import { expect } from "vitest";
import type { ProtocolDecoder } from "@/core/ingest/decode/decoder";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { type ReadLine, readPlaced } from "./read-line";

/**
 * What becomes of the entries of a body on their way to the database, without one.
 * @param pieces of the body, as they arrive
 * @returns in their order; a text for one that is rejected: the reason
 * @throws Fault for a body that can't be read
 */
export function readEntries(
  format: ProtocolDecoder,
  pieces: readonly (string | Uint8Array)[],
  parameters?: IngestParameters,
): (ReadLine | string)[] {
  const found: (ReadLine | string)[] = [];
  const byText: (ReadLine | string)[] = [];
  const decoder = format({
    entry(source, from, end, places) {
      found.push(readPlaced(source, from, end, parameters, places));
      byText.push(places ? readPlaced(source, from, end, parameters) : (found.at(-1) ?? ""));
    },
    rejected(reason) {
      found.push(reason);
      byText.push(reason);
    },
  });
  try {
    for (const piece of pieces) decoder.push(Buffer.from(piece));
    decoder.finish();
  } finally {
    // Places only spare the look at the text, which says the same.
    expect(found).toEqual(byText);
  }
  return found;
}
